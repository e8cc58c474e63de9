import type { Clock } from "#platform/kernel/clock.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Block, ChainReader, Outcome } from "../adapters/chain/chain-reader.js";
import type { BlockBook } from "../adapters/pg/block-book.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import type { OwnTransaction, SlotReader } from "../adapters/pg/slot-reader.js";
import type { ExecutionCommand } from "../domain/execution-command.js";
import type { ReasonJson } from "../domain/execution-event.js";
import { orphans, type SeenBlock } from "../domain/reorg.js";
import { faultPoint } from "./fault-points.js";
import { CHAIN_ACTOR } from "./relay-actor.js";
import type { RevertReasons } from "./revert-reasons.js";

/** Blocks behind which nothing is scanned: after a longer absence the healer looks every open nonce up by its receipts. */
const MAX_CATCH_UP = 128n;

export interface TrackerDeps {
  readonly chain: ChainReader;
  readonly blocks: BlockBook;
  readonly slots: SlotReader;
  readonly book: NonceBook;
  readonly executions: ExecutionStore;
  readonly reasons: RevertReasons;
  readonly clock: Clock;
  readonly logger: Logger;
  /** True when a block counts as confirmed as soon as it is there and one node is all there is to agree. */
  readonly finalAtOnce: boolean;
}

/** One of our transactions in a block. */
interface Landed {
  readonly own: OwnTransaction;
  readonly outcome: Outcome;
}

/** Follows the chain block by block: what was mined, and what the chain gave up. Runs on the leader only. */
export class Tracker {
  constructor(private readonly deps: TrackerDeps) {}

  /** Brings everything up to `head`. @throws when a node or the database is away, or STALE_TERM; the next head tries again */
  async follow(head: Block, term: bigint): Promise<void> {
    const seen = await this.deps.blocks.seen(this.deps.executions.events.pool);
    const [top] = seen;
    if (top === undefined || head.number - top.number > MAX_CATCH_UP) return this.#take(head, term);
    if (top.hash === head.hash) return;
    const base = await this.#rewind(head, seen, term);
    for (let number = base + 1n; number < head.number; number++) {
      const block = await this.deps.chain.block(number);
      if (block === undefined) return;
      await this.#take(block, term);
    }
    await this.#take(head, term);
  }

  /** Notes transactions that were mined in a block which was not scanned. */
  async takeFound(found: readonly { own: OwnTransaction; outcome: Outcome }[], block: Block, term: bigint): Promise<void> {
    await this.#commit(block, found, term, false);
  }

  /** Takes back what lies in blocks the chain gave up; returns the highest block that still stands. */
  async #rewind(head: Block, seen: readonly SeenBlock[], term: bigint): Promise<bigint> {
    const { chain, executions, blocks, book, logger } = this.deps;
    const [top] = seen;
    if (top === undefined || (head.number === top.number + 1n && head.parentHash === top.hash)) return top?.number ?? head.number - 1n;
    const onChain = new Map<bigint, string | undefined>([[head.number, head.hash]]);
    for (const block of seen) {
      if (!onChain.has(block.number)) onChain.set(block.number, (await chain.block(block.number))?.hash);
      if (onChain.get(block.number) === block.hash) break;
    }
    const gone = orphans(seen, (height) => onChain.get(height));
    if (gone.length === 0) return top.number;
    logger.warn({ depth: gone.length, head: head.number }, "the chain was reorganised");
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      const at = this.deps.clock.now().toISOString();
      const affected = await blocks.minedIn(tx, gone);
      const orders = affected.flatMap(({ executionId, blockHash }): Order[] =>
        executionId === undefined ? [] : [{ executionId, commands: [{ do: "reorg", at, blockHash }] }],
      );
      await executions.apply(tx, orders, CHAIN_ACTOR);
      await blocks.orphan(tx, gone, head.number);
    });
    return (gone.at(-1)?.number ?? head.number) - 1n;
  }

  async #take(block: Block, term: bigint): Promise<void> {
    const ours = await this.deps.slots.ours(block.transactions);
    const hashes = ours.map(({ hash }) => hash);
    const outcomes = ours.length === 0 ? [] : await this.deps.chain.outcomesIn(block.number, hashes);
    const landed = ours.flatMap((own): Landed[] => {
      const outcome = outcomes.find(({ hash }) => hash === own.hash);
      return outcome === undefined || outcome.blockHash !== block.hash ? [] : [{ own, outcome }];
    });
    // The block changed between the two questions: it is looked at again with the next head.
    if (landed.length < ours.length) return;
    await this.#commit(block, landed, term, true);
  }

  async #commit(block: Block, landed: readonly Landed[], term: bigint, note: boolean): Promise<void> {
    const { executions, blocks, book } = this.deps;
    const reasons = await this.#reasons(block, landed);
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      await executions.apply(
        tx,
        landed.flatMap((one) => this.#orderFor(block, one, reasons.get(one.own.hash) ?? [])),
        CHAIN_ACTOR,
      );
      const mined = landed.map(({ own }) => ({ nonce: own.nonce, ...minedAt(block, own.hash) }));
      await blocks.markMined(tx, mined);
      if (this.deps.finalAtOnce)
        await blocks.finalise(
          tx,
          mined.map(({ nonce }) => nonce),
        );
      if (note) await blocks.note(tx, block);
      if (landed.length > 0) faultPoint("mined.before-commit");
    });
    if (landed.length > 0) faultPoint("mined.after-commit");
  }

  #orderFor(block: Block, { own, outcome }: Landed, reasons: ReasonJson[]): Order[] {
    if (own.executionId === undefined) return [];
    const at = this.deps.clock.now().toISOString();
    const where = minedAt(block, own.hash);
    const mine: ExecutionCommand = { do: "mine", at, ...where, success: outcome.success, reasons };
    const finalise: ExecutionCommand = { do: "finalise", at, ...where };
    return [{ executionId: own.executionId, commands: this.deps.finalAtOnce ? [mine, finalise] : [mine] }];
  }

  async #reasons(block: Block, landed: readonly Landed[]): Promise<Map<string, ReasonJson[]>> {
    const failed = landed.filter(({ own, outcome }) => own.executionId !== undefined && own.kind === "intent" && !outcome.success);
    const found = await Promise.all(
      failed.map(async ({ own }): Promise<[string, ReasonJson[]]> => [own.hash, [await this.deps.reasons.of(own, block)]]),
    );
    return new Map(found);
  }
}

function minedAt(block: Block, transactionHash: string) {
  return { transactionHash, blockNumber: `${block.number}`, blockHash: block.hash, blockTime: `${block.time}` };
}
