import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CheckpointRepository } from "../adapters/checkpoint-repository.js";
import type { Reader } from "../domain/entry.js";
import type { AccessRecord } from "./access-record.js";
import type { Proving } from "./proving.js";
import type { Page, Reading } from "./reading.js";

export interface ServingParts {
  readonly reading: Pick<Reading, "page" | "first" | "settled">;
  readonly proving: Pick<Proving, "inclusion">;
  readonly checkpoints: Pick<CheckpointRepository, "newest">;
  readonly access: Pick<AccessRecord, "note">;
  /** Verifier keys of the log, as C2SP signed-note writes them. */
  readonly logKeys: readonly string[];
}

/** That an entry is in the log, for somebody who keeps nothing of it. */
export interface EntryProof {
  readonly size: number;
  readonly hashes: readonly Buffer[];
  readonly note: Buffer;
}

/** The log for those who signed in: what they may see, the proof of it, and the record that they looked. */
export class Serving {
  constructor(private readonly parts: ServingParts) {}

  /** Settled entries from `from` on; that they were read stands in the log. */
  async page(reader: Reader, way: "events" | "stream", from: bigint, limit: number): Promise<Page> {
    const page = await this.parts.reading.page(reader, from, limit);
    if (page.entries.length > 0) this.parts.access.note({ reader: reader.sub, kind: reader.kind, way, from, to: page.next });
    return page;
  }

  head(): Promise<readonly [first: bigint, next: bigint]> {
    const { reading } = this.parts;
    return Promise.all([reading.first(), reading.settled()]);
  }

  /** The newest checkpoint when it covers no more than `upTo` entries and more than `told`. */
  async checkpoint(told: number, upTo: bigint): Promise<{ readonly size: number; readonly note: Buffer } | undefined> {
    const newest = await this.parts.checkpoints.newest();
    return newest !== undefined && newest.size > told && BigInt(newest.size) <= upTo ? newest : undefined;
  }

  /** @throws InterlockError NOT_FOUND when no checkpoint covers the entry yet */
  async proof(index: bigint): Promise<EntryProof> {
    const newest = await this.parts.checkpoints.newest();
    if (newest === undefined || index >= BigInt(newest.size)) {
      throw new InterlockError("NOT_FOUND", `no checkpoint covers entry ${index} yet`);
    }
    return { ...newest, hashes: await this.parts.proving.inclusion(Number(index), newest.size) };
  }

  get logKeys(): readonly string[] {
    return this.parts.logKeys;
  }
}
