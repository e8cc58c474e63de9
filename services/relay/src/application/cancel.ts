import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { ExecutionReader } from "../adapters/pg/execution-reader.js";
import type { ExecutionStore, StoredExecution } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import { WorkTable } from "../adapters/pg/work-table.js";
import { eventActor, scopeOf } from "./principal.js";

export interface CancelDeps {
  readonly executions: ExecutionStore;
  readonly reader: ExecutionReader;
  readonly book: NonceBook;
  readonly clock: Clock;
  /** Told when a nonce has to be used up by a self-send. */
  readonly onUnwanted: () => void;
}

/** Calls an execution off: at once before it has a nonce, by using the nonce up after that. What mines in the end decides. */
export class Cancel {
  constructor(private readonly deps: CancelDeps) {}

  /** @throws InterlockError NOT_FOUND (also for a foreign one), EXECUTION_FINAL once it was mined or has ended */
  async cancel(actor: Actor, executionId: string): Promise<StoredExecution> {
    const { executions, reader, book, clock } = this.deps;
    const scope = scopeOf(actor);
    const known = await reader.find(scope, executionId);
    if (known === undefined) throw notFound(executionId);
    const leased = await executions.events.withTransaction(async (tx) => {
      const rows = await executions.lock(tx, [executionId]);
      const signingMayBeUnderWay = await WorkTable.advancing(tx, executionId);
      const at = clock.now().toISOString();
      const command = { do: "cancel", at, requestedBy: actor.sub, signingMayBeUnderWay } as const;
      const [applied] = await executions.apply(tx, [{ executionId, commands: [command], mustHold: true }], eventActor(actor), rows);
      if (applied?.state.status !== "CANCELLING") return false;
      await book.unwant(tx, executionId);
      return true;
    });
    if (leased) this.deps.onUnwanted();
    const now = await reader.find(scope, executionId);
    if (now === undefined) throw notFound(executionId);
    return now;
  }
}

function notFound(executionId: string): InterlockError {
  return new InterlockError("NOT_FOUND", "There is no such execution", { details: { executionId } });
}
