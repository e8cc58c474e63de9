import type { Clock } from "#platform/kernel/clock.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Block, ChainReader } from "../adapters/chain/chain-reader.js";
import { bodyOf, type RelayerKey } from "../adapters/chain/relayer-key.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook, SignedTransaction } from "../adapters/pg/nonce-book.js";
import type { SlotReader, SlotView } from "../adapters/pg/slot-reader.js";
import { bumpFees } from "../domain/fees.js";
import { type Healing, type HealingRules, planHealing } from "../domain/healing.js";
import type { Broadcaster } from "./broadcaster.js";
import { faultPoint } from "./fault-points.js";
import type { HeadState } from "./head-state.js";
import type { StoredTransaction } from "./lease-writer.js";
import type { LookUp } from "./look-up.js";
import { RELAY_ACTOR } from "./relay-actor.js";

export interface HealerDeps {
  readonly chain: ChainReader;
  readonly slots: SlotReader;
  readonly book: NonceBook;
  readonly executions: ExecutionStore;
  readonly key: RelayerKey;
  readonly broadcaster: Broadcaster;
  readonly lookUp: LookUp;
  readonly head: HeadState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rules: HealingRules;
  /** Wei per gas that is never passed. */
  readonly feeCeiling: bigint;
}

/** At boot and at every head: every leased nonce gets mined as exactly one of our own transactions. Runs on the leader only. */
export class Healer {
  constructor(private readonly deps: HealerDeps) {}

  /** @param boot true: nothing is known to have been sent, so everything goes out again, byte for byte */
  async heal(head: Block, term: bigint, boot: boolean): Promise<void> {
    const { chain, slots, book, executions, rules, key } = this.deps;
    const chainNonce = await chain.transactionCount(key.address);
    const { next, jumped } = await book.open(executions.events.pool, chainNonce);
    if (jumped) this.deps.logger.error({ chainNonce: chainNonce.toString() }, "NONCE_STOLEN: somebody else sends with the relayer's key");
    const found = await slots.open(head.time);
    const open = boot ? found.map((slot) => ({ ...slot, sentAtBlock: undefined })) : found;
    const taken = await slots.takenFrom(chainNonce);
    const plan = planHealing({ head: head.number, chainNonce, next, open, taken }, rules);
    const byNonce = new Map(open.map((slot) => [slot.nonce, slot]));
    await this.deps.lookUp.find(slotsOf(plan, "look-up", byNonce), term);
    await this.#resend(slotsOf(plan, "resend", byNonce));
    for (const slot of slotsOf(plan, "replace", byNonce))
      await this.#replace(slot, slot.currentKind === "void" ? "void" : "same", "stuck", term);
    for (const slot of slotsOf(plan, "void", byNonce)) await this.#replace(slot, "void", "no longer wanted", term);
    for (const nonce of noncesOf(plan, "fill")) await this.#fill(nonce, term);
  }

  /** The identical bytes again. */
  async #resend(due: readonly SlotView[]): Promise<void> {
    const transactions = await this.deps.slots.raws(due.map(({ currentHash }) => currentHash));
    const byHash = new Map(transactions.map((transaction) => [transaction.hash, transaction]));
    const stored = due.flatMap(({ currentHash, executionId }): StoredTransaction[] => {
      const transaction = byHash.get(currentHash);
      return transaction === undefined ? [] : [{ executionId, transaction }];
    });
    if (stored.length > 0) await this.deps.broadcaster.broadcast(stored);
  }

  /** Another transaction for the same nonce, with both fees raised; stored before it is sent. */
  async #replace(slot: SlotView, what: "same" | "void", cause: string, term: bigint): Promise<void> {
    const { slots, key, head, feeCeiling } = this.deps;
    const [current] = await slots.raws([slot.currentHash]);
    if (current === undefined) return;
    const fees = bumpFees(current, head.fees(), feeCeiling);
    if (fees === undefined) return this.#resend([slot]);
    const transaction =
      what === "void" ? await key.signVoid(slot.nonce, fees) : await key.sign(bodyOf(current.raw), slot.nonce, fees, current.kind);
    await this.#store(slot, transaction, cause, term);
    await this.deps.broadcaster.broadcast([{ executionId: slot.executionId, transaction }]);
  }

  async #store(slot: SlotView, transaction: SignedTransaction, cause: string, term: bigint): Promise<void> {
    const { book, executions, head, clock } = this.deps;
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      await executions.apply(tx, replaceOrder(slot, transaction, cause, clock.now().toISOString()), RELAY_ACTOR);
      await book.addAttempt(tx, transaction, head.number);
      faultPoint("heal.before-commit");
    });
    faultPoint("heal.after-commit");
  }

  /** A nonce without a transaction would hold up all that follow; a self-send uses it up. */
  async #fill(nonce: bigint, term: bigint): Promise<void> {
    const { book, executions, key, head, logger } = this.deps;
    const transaction = await key.signVoid(nonce, head.fees());
    await executions.events.withTransaction(async (tx) => {
      await book.assertTerm(tx, term);
      await book.insertSlots(tx, [{ transaction, executionId: undefined, subject: undefined, deadline: undefined }], head.number);
    });
    logger.warn({ nonce: nonce.toString() }, "a gap in the ledger was filled");
    await this.deps.broadcaster.broadcast([{ executionId: undefined, transaction }]);
  }
}

function replaceOrder({ executionId }: SlotView, transaction: SignedTransaction, cause: string, at: string): Order[] {
  const { kind, hash, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if (executionId === undefined || kind === "arm") return [];
  const fees = { maxFeePerGas: maxFeePerGas.toString(), maxPriorityFeePerGas: maxPriorityFeePerGas.toString() };
  return [{ executionId, commands: [{ do: "replace", at, transactionHash: hash, kind, cause, ...fees }] }];
}

function noncesOf(plan: readonly Healing[], what: Healing["do"]): bigint[] {
  return plan.filter((healing) => healing.do === what).map(({ nonce }) => nonce);
}

function slotsOf(plan: readonly Healing[], what: Healing["do"], byNonce: ReadonlyMap<bigint, SlotView>): SlotView[] {
  return noncesOf(plan, what).flatMap((nonce) => byNonce.get(nonce) ?? []);
}
