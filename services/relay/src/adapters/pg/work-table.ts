import type pg from "pg";
import type { JsonObject } from "#platform/kernel/json.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import { traceHeaders } from "#platform/telemetry/propagation.js";
import type { ExecutionState } from "../../domain/execution-state.js";

/** advance: bring an execution on to its signed transaction; settle: tell permissions an outcome; report: tell of a revocation. */
export type Task = "advance" | "settle" | "report";

export interface NewWork {
  readonly executionId: string;
  readonly task: Task;
  readonly detail: JsonObject;
}

/** A piece of work under a lease. `fence` is refused once somebody else has taken the work over. */
export interface LeasedWork extends NewWork {
  readonly id: string;
  readonly fence: string;
  /** Times it was tried before. */
  readonly tries: number;
  /** The execution as it stood when the work was leased. */
  readonly state: ExecutionState;
}

/** Notes work inside `tx`; due at once. It carries the trace of whoever notes it, so that it goes on there in any replica. */
export async function insertWork(tx: pg.PoolClient, work: readonly NewWork[]): Promise<void> {
  if (work.length === 0) return;
  await tx.query({
    name: "relay_insert_work",
    text: `INSERT INTO relay.work (execution_id, task, detail, due_at)
      SELECT id, task, detail, now() FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) WITH ORDINALITY AS w (id, task, detail, n) ORDER BY n`,
    values: [work.map((w) => w.executionId), work.map((w) => w.task), work.map((w) => JSON.stringify({ ...traceHeaders(), ...w.detail }))],
  });
}

/** Work of the relay, shared by all replicas: leased with SKIP LOCKED, fenced by a number that rises with every lease. */
export class WorkTable {
  readonly #ending = new GroupCommit<LeasedWork, boolean>(async (work) => {
    const mine = await finishWork(this.pool, work);
    return work.map(({ id }) => mine.has(id));
  });

  constructor(
    private readonly pool: pg.Pool,
    private readonly leaseMs: number,
  ) {}

  /** Leases up to `limit` pieces of work that are due; tasks of one kind for one execution are handed out one after the other. */
  async lease(tasks: readonly Task[], limit: number): Promise<LeasedWork[]> {
    const { rows } = await this.pool.query<{
      id: string;
      execution_id: string;
      task: Task;
      detail: JsonObject;
      fence: string;
      tries: number;
      state: ExecutionState;
    }>({
      name: "relay_lease",
      text: `WITH due AS (
          SELECT id FROM relay.work w
          WHERE task = ANY($1) AND due_at <= now() AND lease_until < now()
            AND NOT EXISTS (SELECT FROM relay.work o WHERE o.execution_id = w.execution_id AND o.task = w.task AND o.id < w.id)
          ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE relay.work w SET lease_until = now() + $3 * interval '1 millisecond', fence = w.fence + 1, tries = w.tries + 1
        FROM due, relay.execution e
        WHERE w.id = due.id AND e.execution_id = w.execution_id RETURNING w.id, w.execution_id, w.task, w.detail, w.fence, w.tries - 1 AS tries, e.state`,
      values: [tasks, limit, this.leaseMs],
    });
    return rows.map(({ execution_id, ...row }) => ({ ...row, executionId: execution_id }));
  }

  /** Puts work off: it becomes due again after `delayMs`. Nothing happens when the lease was lost. */
  async putOff(work: LeasedWork, delayMs: number): Promise<void> {
    await this.pool.query({
      name: "relay_put_off",
      text: `UPDATE relay.work SET due_at = now() + $3 * interval '1 millisecond', lease_until = '-infinity' WHERE id = $1 AND fence = $2`,
      values: [work.id, work.fence, delayMs],
    });
  }

  /** Gives work back that this process will not get to. */
  async giveBack(work: readonly LeasedWork[]): Promise<void> {
    if (work.length === 0) return;
    await this.pool.query(
      "UPDATE relay.work SET lease_until = '-infinity', tries = tries - 1 WHERE (id, fence) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))",
      [work.map((w) => w.id), work.map((w) => w.fence)],
    );
  }

  /** Ends a piece of work outside any other transaction; what ends at the same time shares the statement. */
  async done(work: LeasedWork): Promise<void> {
    await this.#ending.submit(work);
  }

  /** True while an advance of the execution is leased by somebody: a signature may be under way. */
  static async advancing(tx: pg.PoolClient, executionId: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      "SELECT FROM relay.work WHERE execution_id = $1 AND task = 'advance' AND lease_until > now() LIMIT 1",
      [executionId],
    );
    return rowCount !== 0;
  }
}

/** Deletes leased work inside a transaction; returns the ids whose lease still held. */
export async function finishWork(db: pg.Pool | pg.PoolClient, work: readonly LeasedWork[]): Promise<ReadonlySet<string>> {
  if (work.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>({
    name: "relay_finish",
    text: `DELETE FROM relay.work w USING unnest($1::bigint[], $2::bigint[]) AS d (id, fence) WHERE w.id = d.id AND w.fence = d.fence RETURNING w.id`,
    values: [work.map((w) => w.id), work.map((w) => w.fence)],
  });
  return new Set(rows.map((row) => row.id));
}
