import type { EventStore } from "#platform/event-store/event-store.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import { CLUSTER_KEY } from "#platform/producer/announce-start.js";
import { parseCheckpoint } from "#platform/transparency-log/checkpoint.js";
import type { CheckpointRepository } from "../adapters/checkpoint-repository.js";
import type { Proving } from "./proving.js";

/** Where a transaction put an anchor. */
export interface AnchorReceipt {
  readonly transactionHash: string;
}

/** The contract that refuses a log which does not extend the one it knows. */
export interface AnchorContract {
  readonly chainId: string;
  readonly address: string;
  /** Entries of the last anchor of this publisher, 0 before the first. */
  latestSize(): Promise<number>;
  /** @throws when the chain is away or the contract refuses */
  anchor(size: number, root: Buffer, proof: readonly Buffer[]): Promise<AnchorReceipt>;
}

export interface AnchoringOptions {
  readonly contract: AnchorContract;
  readonly checkpoints: Pick<CheckpointRepository, "newest">;
  readonly proving: Pick<Proving, "consistency">;
  readonly store: Pick<EventStore, "append">;
  readonly ids: IdFactory;
}

/** Writes the newest checkpoint to the chain: from then on not even the log's own key can tell another story without being found out. */
export class Anchoring {
  constructor(private readonly options: AnchoringOptions) {}

  /** Anchors once; false when there is nothing new. The contract checks the proof again, so repeating this after a crash is harmless. */
  async anchorOnce(): Promise<boolean> {
    const { contract, checkpoints, proving } = this.options;
    const newest = await checkpoints.newest();
    if (newest === undefined) return false;
    const { size, root } = parseCheckpoint(newest.note);
    const from = await contract.latestSize();
    if (size <= from) return false;
    const proof = from === 0 ? [] : await proving.consistency(from, size);
    const { transactionHash } = await contract.anchor(size, root, proof);
    await this.record(size, root, transactionHash);
    return true;
  }

  private async record(size: number, root: Buffer, transactionHash: string): Promise<void> {
    const { contract, store, ids } = this.options;
    const data = {
      chainId: contract.chainId,
      contract: contract.address,
      size: String(size),
      root: `0x${root.toString("hex")}`,
      transactionHash,
    };
    const correlationId = ids.next();
    const metadata = { correlationId, actor: { type: "service", id: "audit" } as const, subject: "log", partitionKey: CLUSTER_KEY };
    await store.append(`anchor-${correlationId}`, 0, [{ type: "audit.anchored.v1", data }], metadata);
  }
}
