import type pg from "pg";
import type { ExecutionState } from "../../domain/execution-state.js";
import type { StoredExecution } from "./execution-store.js";

interface Row {
  readonly state: ExecutionState;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const COLUMNS = "state, version, created_at, updated_at";

/** What a principal may see: its accounts (`chainId:0xaddress`) and, for an agent, its one session. */
export interface Scope {
  readonly accounts: readonly string[];
  readonly sessionId?: string | undefined;
}

/** Reads executions; every read for a principal is scoped. */
export class ExecutionReader {
  constructor(private readonly pool: pg.Pool) {}

  /** One execution inside the scope; undefined for unknown and for foreign ones alike. */
  async find(scope: Scope, executionId: string): Promise<StoredExecution | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: "relay_find",
      text: `SELECT ${COLUMNS} FROM relay.execution
        WHERE execution_id = $1 AND account = ANY($2) AND ($3::uuid IS NULL OR session_id = $3::uuid)`,
      values: [executionId, scope.accounts, scope.sessionId ?? null],
    });
    return rows[0] === undefined ? undefined : stored(rows[0]);
  }

  /** Executions inside the scope, newest first, older than `before` (an execution id); one more than `limit` when there are more. */
  async list(scope: Scope, sessionId: string | undefined, before: string | undefined, limit: number): Promise<StoredExecution[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM relay.execution
        WHERE account = ANY($1) AND ($2::uuid IS NULL OR session_id = $2::uuid) AND ($3::uuid IS NULL OR session_id = $3::uuid)
          AND ($4::uuid IS NULL OR execution_id < $4::uuid)
        ORDER BY execution_id DESC LIMIT $5`,
      [scope.accounts, scope.sessionId ?? null, sessionId ?? null, before ?? null, limit + 1],
    );
    return rows.map(stored);
  }

  /** Deadline of an execution's intent, Unix seconds. */
  async deadline(executionId: string): Promise<bigint | undefined> {
    const { rows } = await this.pool.query<{ deadline: string }>(
      "SELECT state->>'deadline' AS deadline FROM relay.execution WHERE execution_id = $1",
      [executionId],
    );
    return rows[0] === undefined ? undefined : BigInt(rows[0].deadline);
  }
}

function stored(row: Row): StoredExecution {
  return { state: row.state, version: row.version, createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() };
}
