import type pg from "pg";
import type { Address } from "viem";
import type { Logger } from "#platform/logging/logger.js";
import type { Block, ChainReader } from "../adapters/chain/chain-reader.js";
import type { Leadership } from "../adapters/pg/leadership.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import type { Finaliser } from "./finaliser.js";
import type { HeadState } from "./head-state.js";
import type { Healer } from "./healer.js";
import type { Tracker } from "./tracker.js";

export interface HeadWatcherDeps {
  readonly chain: ChainReader;
  readonly pool: pg.Pool;
  readonly head: HeadState;
  readonly leadership: Leadership;
  readonly book: NonceBook;
  readonly tracker: Tracker;
  readonly finaliser: Finaliser;
  readonly healer: Healer;
  readonly sender: Address;
  readonly logger: Logger;
  /** Milliseconds between two looks at the chain. */
  readonly pollMs: number;
}

/** Heads between two looks at the sender's balance and the suggested tip. */
const REFRESH = 5;
/** A sender that cannot pay for this much gas is looked at with every look, so that a refill is noticed at once. */
const PLENTY_OF_GAS = 2_000_000n;

/** Looks at the chain again and again: every replica learns fees and height, the leader also tracks, ends and heals. */
export class HeadWatcher {
  #term: bigint | undefined;
  #healed = "";
  #again = false;
  #sinceRefresh = REFRESH;
  #stopped = false;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;
  #following: Promise<void> | undefined;

  constructor(private readonly deps: HeadWatcherDeps) {}

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Has the next look heal even when no new block is there: after a cancellation. */
  poke(): void {
    this.#again = true;
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#loop;
    await this.#following;
    this.deps.leadership.release();
  }

  /** True while this replica tracks and heals. */
  get leading(): boolean {
    return this.#term !== undefined;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#look();
      } catch (err) {
        this.#notFollowed(err);
      }
      await this.#pause();
    }
  }

  readonly #notFollowed = (err: unknown): void => {
    this.deps.logger.warn({ err }, "the chain could not be followed; it is tried again");
  };

  async #look(): Promise<void> {
    const block = await this.deps.chain.block("latest");
    if (block === undefined) return;
    const fresh = block.number !== this.deps.head.number;
    await this.#learn(block, fresh);
    // Not waited for: a database that is silent must not keep the relay from seeing the chain, nor whether it can pay for gas.
    this.#following ??= this.#follow(block)
      .catch(this.#notFollowed)
      .finally(() => {
        this.#following = undefined;
      });
  }

  async #follow(block: Block): Promise<void> {
    const { leading, fresh: newLeader } = await this.deps.leadership.hold();
    if (!leading) {
      this.#term = undefined;
      return;
    }
    if (newLeader || this.#term === undefined) await this.#begin();
    const term = this.#term;
    if (term === undefined || (this.#healed === block.hash && !this.#again)) return;
    this.#again = false;
    await this.deps.tracker.follow(block, term);
    await this.deps.finaliser.finalise(block.number, term);
    await this.deps.healer.heal(block, term, this.#healed === "");
    this.#healed = block.hash;
  }

  async #begin(): Promise<void> {
    const { book, pool, chain, sender, logger } = this.deps;
    await book.open(pool, await chain.transactionCount(sender));
    this.#term = await book.beginTerm(pool);
    this.#healed = "";
    logger.info({ term: this.#term.toString() }, "this replica tracks and heals");
  }

  async #learn(block: Block, fresh: boolean): Promise<void> {
    const { head, chain, sender } = this.deps;
    head.baseFee = block.baseFee;
    head.time = block.time;
    head.number = block.number;
    if (fresh) this.#sinceRefresh++;
    if (this.#sinceRefresh < REFRESH && head.canPay(PLENTY_OF_GAS)) return;
    [head.balance, head.priorityFee] = await Promise.all([chain.balance(sender), chain.priorityFee()]);
    this.#sinceRefresh = 0;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, this.deps.pollMs);
      this.#wake = done;
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
