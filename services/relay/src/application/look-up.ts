import type { Logger } from "#platform/logging/logger.js";
import type { ChainReader, Outcome } from "../adapters/chain/chain-reader.js";
import type { OwnTransaction, SlotReader } from "../adapters/pg/slot-reader.js";
import type { Tracker } from "./tracker.js";

/** Heads in a row without any of our hashes until a used nonce counts as stolen: a node may lag behind the one that counted. */
const PATIENCE = 5;

export interface LookUpDeps {
  readonly chain: ChainReader;
  readonly slots: SlotReader;
  readonly tracker: Tracker;
  readonly logger: Logger;
}

/** Finds out as which of our transactions a used nonce was mined, when no scanned block showed it. The nonce itself is never changed. */
export class LookUp {
  readonly #missing = new Map<bigint, number>();

  constructor(private readonly deps: LookUpDeps) {}

  /** Looks every hash of these nonces up; a nonce that none of them used raises the alarm. */
  async find(nonces: readonly bigint[], term: bigint): Promise<void> {
    const own = await this.deps.slots.ofNonces(nonces);
    const outcomes = await Promise.all(own.map(({ hash }) => this.deps.chain.outcome(hash)));
    const found = own.flatMap((transaction, i) => (outcomes[i] === undefined ? [] : [{ own: transaction, outcome: outcomes[i] }]));
    const byBlock = Map.groupBy(found, ({ outcome }) => outcome.blockNumber);
    for (const [number, landed] of byBlock) await this.#take(number, landed, term);
    this.#alarm(nonces, new Set(found.map(({ own: { nonce } }) => nonce)));
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
