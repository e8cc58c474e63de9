import type pg from "pg";
import type { Clock } from "#platform/kernel/clock.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import type { RelayerKey, TransactionBody } from "../adapters/chain/relayer-key.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook, SignedTransaction } from "../adapters/pg/nonce-book.js";
import { finishWork, type LeasedWork } from "../adapters/pg/work-table.js";
import type { ExecutionCommand } from "../domain/execution-command.js";
import type { ExecutionState } from "../domain/execution-state.js";
import { isTerminal } from "../domain/execution-status.js";
import { faultPoint } from "./fault-points.js";
import type { HeadState } from "./head-state.js";
import { RELAY_ACTOR } from "./relay-actor.js";

/** An execution with everything but its nonce. */
export interface ReadyExecution {
  readonly work: LeasedWork;
  readonly body: TransactionBody;
  /** Unix seconds. */
  readonly deadline: bigint;
  /** What still has to be noted before it counts as signed. */
  readonly before: readonly ExecutionCommand[];
}

/** A transaction that is stored and may be sent. */
export interface StoredTransaction {
  readonly executionId: string | undefined;
  readonly transaction: SignedTransaction;
}

export interface LeaseWriterDeps {
  readonly executions: ExecutionStore;
  readonly book: NonceBook;
  readonly key: RelayerKey;
  readonly head: HeadState;
  readonly clock: Clock;
  /** Gets what was committed, in the order of the nonces. */
  readonly onStored: (stored: readonly StoredTransaction[]) => void;
}

/**
 * Leases nonces, signs and stores in one commit. Executions that are ready at the same time share the commit: the ledger's row is one
 * for all of them, and so is the disk's sync.
 */
export class LeaseWriter {
  readonly #commits = new GroupCommit<ReadyExecution, undefined>((ready) => this.#commit(ready));

  constructor(private readonly deps: LeaseWriterDeps) {}

  /** Resolves once the execution's signed transaction is stored, or its work turned out to be somebody else's by now. */
  async submit(ready: ReadyExecution): Promise<void> {
    await this.#commits.submit(ready);
  }

  async #commit(ready: readonly ReadyExecution[]): Promise<undefined[]> {
    const stored = await this.#store(ready);
    faultPoint("signed.after-commit");
    this.deps.onStored(stored);
    return ready.map(() => undefined);
  }

  #store(ready: readonly ReadyExecution[]): Promise<StoredTransaction[]> {
    return this.deps.executions.events.withTransaction(async (tx) => {
      const mine = await finishWork(
        tx,
        ready.map(({ work }) => work),
      );
      const held = ready.filter(({ work }) => mine.has(work.id));
      const rows = await this.deps.executions.lock(
        tx,
        held.map(({ work }) => work.executionId),
      );
      const open = new Map(rows.filter(({ state }) => mayLease(state)).map((row) => [row.execution_id, row]));
      const chosen = held.filter(({ work }) => open.has(work.executionId));
      if (chosen.length === 0) return [];
      const stored = await this.#leaseAndSign(tx, chosen);
      await this.deps.executions.apply(tx, this.#orders(chosen, stored), RELAY_ACTOR, rows);
      faultPoint("signed.before-commit");
      return stored;
    });
  }

  async #leaseAndSign(tx: pg.PoolClient, chosen: readonly ReadyExecution[]): Promise<StoredTransaction[]> {
    const { book, key, head } = this.deps;
    const fees = head.fees();
    const first = await book.lease(tx, chosen.length);
    const transactions = await Promise.all(chosen.map(({ body }, i) => key.sign(body, first + BigInt(i), fees, "intent")));
    const stored = transactions.map((transaction, i) => ({ executionId: chosen[i]?.work.executionId, transaction }));
    const slots = stored.map((one, i) => ({ ...one, subject: undefined, deadline: chosen[i]?.deadline }));
    await book.insertSlots(tx, slots, head.number);
    return stored;
  }

  #orders(chosen: readonly ReadyExecution[], stored: readonly StoredTransaction[]): Order[] {
    const at = this.deps.clock.now().toISOString();
    const sender = this.deps.key.address;
    return chosen.flatMap(({ work, body, before }, i) => {
      const transaction = stored[i]?.transaction;
      if (transaction === undefined) return [];
      const sign: ExecutionCommand = {
        do: "sign",
        at,
        sender,
        nonce: transaction.nonce.toString(),
        transactionHash: transaction.hash,
        gasLimit: body.gas.toString(),
        maxFeePerGas: transaction.maxFeePerGas.toString(),
        maxPriorityFeePerGas: transaction.maxPriorityFeePerGas.toString(),
      };
      return [{ executionId: work.executionId, commands: [...before, sign], mustHold: true }];
    });
  }
}

/** One execution, one nonce, for ever: none for one that ended or has one. */
function mayLease(state: ExecutionState): boolean {
  return state.lease === null && !isTerminal(state.status);
}
