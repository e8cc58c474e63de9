import type { Clock } from "#platform/kernel/clock.js";
import type { Logger } from "#platform/logging/logger.js";
import type { ChainReader, Outcome } from "../adapters/chain/chain-reader.js";
import type { BlockBook } from "../adapters/pg/block-book.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import type { OwnTransaction, SlotReader, SlotView } from "../adapters/pg/slot-reader.js";
import { RELAY_ACTOR } from "./relay-actor.js";
import type { Tracker } from "./tracker.js";

/** Heads in a row without any of our hashes until a used nonce counts as stolen: a node may lag behind the one that counted. */
const PATIENCE = 5;

export interface LookUpDeps {
  readonly chain: ChainReader;
  readonly slots: SlotReader;
  readonly blocks: BlockBook;
  readonly book: NonceBook;
  readonly executions: ExecutionStore;
  readonly tracker: Tracker;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Finds out as which of our transactions a used nonce was mined, when no scanned block showed it. The nonce itself is never changed. */
export class LookUp {
  readonly #missing = new Map<bigint, number>();

  constructor(private readonly deps: LookUpDeps) {}

  /** Looks every hash of these nonces up; a nonce that none of them used raises the alarm, and is given up once its intent is void. */
  async find(used: readonly SlotView[], term: bigint): Promise<void> {
    const nonces = used.map(({ nonce }) => nonce);
    const own = await this.deps.slots.ofNonces(nonces);
    const outcomes = await Promise.all(own.map(({ hash }) => this.deps.chain.outcome(hash)));
    const found = own.flatMap((transaction, i) => (outcomes[i] === undefined ? [] : [{ own: transaction, outcome: outcomes[i] }]));
    const byBlock = Map.groupBy(found, ({ outcome }) => outcome.blockNumber);
    for (const [number, landed] of byBlock) await this.#take(number, landed, term);
    this.#alarm(nonces, new Set(found.map(({ own: { nonce } }) => nonce)));
    for (const slot of used) if (slot.unwanted && this.#isStolen(slot.nonce)) await this.#giveUp(slot, own, term);
  }

  #isStolen(nonce: bigint): boolean {
    return (this.#missing.get(nonce) ?? 0) >= PATIENCE;
  }

  /** None of our transactions can be mined any more: the execution ends. Its budget waits for the deadline on chain, as always. */
  async #giveUp({ nonce, executionId }: SlotView, own: readonly OwnTransaction[], term: bigint): Promise<void> {
    const { chain, executions, book, blocks, clock } = this.deps;
    const hashes = own.filter((transaction) => transaction.nonce === nonce).map(({ hash }) => hash);
    const nowhere = await Promise.all(hashes.map((hash) => chain.nowhere(hash)));
    if (!nowhere.every(Boolean)) return;
    const at = clock.now().toISOString();
    const orders: Order[] = executionId === undefined ? [] : [{ executionId, commands: [{ do: "lose", at, nonce: nonce.toString() }] }];
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      await executions.apply(tx, orders, RELAY_ACTOR);
      await blocks.finalise(tx, [nonce]);
    });
    this.#missing.delete(nonce);
  }

  async #take(number: bigint, landed: readonly { own: OwnTransaction; outcome: Outcome }[], term: bigint): Promise<void> {
    const block = await this.deps.chain.block(number);
    if (block === undefined) return;
    const same = landed.filter(({ outcome }) => outcome.blockHash === block.hash);
    if (same.length > 0) await this.deps.tracker.takeFound(same, block, term);
  }

  #alarm(nonces: readonly bigint[], found: ReadonlySet<bigint>): void {
    for (const nonce of this.#missing.keys()) if (!nonces.includes(nonce) || found.has(nonce)) this.#missing.delete(nonce);
    for (const nonce of nonces.filter((one) => !found.has(one))) {
      const times = (this.#missing.get(nonce) ?? 0) + 1;
      this.#missing.set(nonce, times);
      if (times === PATIENCE)
        this.deps.logger.error({ nonce: nonce.toString() }, "NONCE_STOLEN: a leased nonce was used by a transaction that is not ours");
    }
  }
}
