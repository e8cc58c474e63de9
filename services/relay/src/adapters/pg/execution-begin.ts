import type pg from "pg";
import type { AppendMetadata } from "#platform/event-store/types.js";
import type { JsonObject } from "#platform/kernel/json.js";
import type { ExecutionEvent } from "../../domain/execution-event.js";
import type { ExecutionState } from "../../domain/execution-state.js";
import type { ExecuteKey } from "./execute-keys.js";

/** An execution that is to begin, if its Idempotency-Key is still free. */
export interface NewExecution {
  readonly claim: ExecuteKey;
  readonly event: ExecutionEvent;
  /** What the event makes of it. */
  readonly state: ExecutionState;
  readonly metadata: AppendMetadata;
  /** Detail of the work to do: the trace it goes on in. */
  readonly detail: JsonObject;
}

/**
 * Claims the keys inside `tx`, and notes the executions and the work to do for those that were free. A key and the execution it began are
 * one commit, so a second request with the same key waits for the first one's end and then finds its answer.
 * @returns ids of the executions that began
 */
export async function insertExecutions(tx: pg.PoolClient, begun: readonly NewExecution[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>({
    name: "relay_begin",
    text: `WITH claimed AS (
        INSERT INTO relay.execute_key (account, key, fingerprint, execution_id)
        SELECT account, key, fingerprint, id FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) AS k (account, key, fingerprint, id)
        ORDER BY account, key ON CONFLICT DO NOTHING RETURNING execution_id AS id),
      begun AS (
        INSERT INTO relay.execution (execution_id, session_id, account, status, version, state, created_at, updated_at)
        SELECT id, session, account, status, 1, state, at, at
        FROM unnest($4::uuid[], $5::uuid[], $1::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
          AS e (id, session, account, status, state, at) JOIN claimed USING (id)),
      queued AS (
        INSERT INTO relay.work (execution_id, task, detail, due_at)
        SELECT id, 'advance', detail, now() FROM unnest($4::uuid[], $9::jsonb[]) WITH ORDINALITY AS w (id, detail, n) JOIN claimed USING (id) ORDER BY n)
      SELECT id FROM claimed`,
    values: [
      begun.map(({ claim }) => claim.account),
      begun.map(({ claim }) => claim.key),
      begun.map(({ claim }) => claim.fingerprint),
      begun.map(({ state }) => state.executionId),
      begun.map(({ state }) => state.sessionId),
      begun.map(({ state }) => state.status),
      begun.map(({ state }) => JSON.stringify(state)),
      begun.map(({ event }) => event.data.at),
      begun.map(({ detail }) => JSON.stringify(detail)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}
