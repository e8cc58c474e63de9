import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { ChainReader } from "../adapters/chain/chain-reader.js";
import type { BlockBook, MinedSlot } from "../adapters/pg/block-book.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import { faultPoint } from "./fault-points.js";
import { CHAIN_ACTOR } from "./relay-actor.js";

export interface FinaliserDeps {
  readonly chain: ChainReader;
  readonly blocks: BlockBook;
  readonly book: NonceBook;
  readonly executions: ExecutionStore;
  readonly capabilities: CapabilityRegistry;
  readonly clock: Clock;
  readonly confirmations: bigint;
}

/** Ends executions whose block is deep enough and the same for every configured node. */
export class Finaliser {
  constructor(private readonly deps: FinaliserDeps) {}

  /** Ends what can be ended at `head`; a block the nodes do not agree on keeps its executions MINED. */
  async finalise(head: bigint, term: bigint): Promise<void> {
    const { blocks, executions, confirmations } = this.deps;
    const waiting = await blocks.awaitingFinality(executions.events.pool, head - confirmations + 1n);
    if (waiting.length === 0) return;
    const agreed = await this.#agreedBlocks(waiting);
    const final = waiting.filter(({ blockHash }) => agreed.has(blockHash));
    if (final.length > 0) await this.#commit(final, term);
  }

  async #agreedBlocks(waiting: readonly MinedSlot[]): Promise<ReadonlySet<string>> {
    const heights = new Map(waiting.map(({ blockNumber, blockHash }) => [blockNumber, blockHash]));
    const agreed = new Set<string>();
    for (const [height, hash] of heights) {
      const hashes = await this.deps.chain.hashesAt(BigInt(height));
      if (hashes.every((seen) => seen === hash)) agreed.add(hash);
    }
    const { capabilities } = this.deps;
    if (agreed.size === heights.size) capabilities.clear("RpcDegraded", "agreement");
    else capabilities.raise("RpcDegraded", "agreement", "the chain nodes do not agree on a confirmed block");
    return agreed;
  }

  async #commit(final: readonly MinedSlot[], term: bigint): Promise<void> {
    const { blocks, book, executions, clock } = this.deps;
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      const at = clock.now().toISOString();
      const orders = final.flatMap(({ executionId, transactionHash, blockNumber, blockHash, blockTime }): Order[] => {
        const where = { transactionHash, blockNumber, blockHash, blockTime };
        return executionId === undefined ? [] : [{ executionId, commands: [{ do: "finalise", at, ...where }] }];
      });
      await executions.apply(tx, orders, CHAIN_ACTOR);
      await blocks.finalise(
        tx,
        final.map(({ nonce }) => nonce),
      );
      faultPoint("final.before-commit");
    });
    faultPoint("final.after-commit");
  }
}
