import type pg from "pg";
import { identifier } from "#platform/database/identifier.js";
import type { Scope, SessionFilter, SessionIndex, SessionRow } from "../../application/session-index.js";
import { CONFIRM_GRACE } from "../../domain/decide-grant.js";
import type { Session } from "../../domain/session-state.js";
import { enterScope, inScope } from "./scoped.js";

interface Row {
  readonly session_id: string;
  readonly account: string;
  readonly phase: string;
  readonly fence: string;
  readonly owners: string[];
}

/** The index in Postgres; see its migration for the row-level security under it. */
export class PgSessionIndex implements SessionIndex {
  readonly #table: string;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.session_index`;
  }

  async find(scope: Scope, sessionId: string): Promise<SessionRow | undefined> {
    if (scope !== "all" && scope.sessionId !== undefined && scope.sessionId !== sessionId) return undefined;
    const [row] = await this.rows(scope, "session_id = $1", [sessionId], 1);
    return row;
  }

  list(scope: Scope, { account, owner, chainId, phase, after, limit }: SessionFilter): Promise<readonly SessionRow[]> {
    const conditions: string[] = [];
    const values: string[] = [];
    const add = (value: string | undefined, condition: (parameter: string) => string) => {
      if (value === undefined || value === "") return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    add(after, (p) => `session_id > ${p}::uuid`);
    add(account, (p) => `account = ${p}`);
    add(owner, (p) => `${p} = ANY (owners)`);
    add(chainId, (p) => `chain_id = ${p}::numeric`);
    add(phase, (p) => `phase = ${p}`);
    if (scope !== "all") {
      add(scope.sessionId, (p) => `session_id = ${p}::uuid`);
      values.push(scope.accounts.join(","));
      conditions.push(`account = ANY (string_to_array($${values.length}, ','))`);
    }
    return this.rows(scope, conditions.join(" AND ") || "true", values, limit);
  }

  async overdue(at: number, limit: number): Promise<readonly string[]> {
    const rows = await this.rows("all", "phase IN ('drafted', 'armed') AND ends_at <= $1", [String(at)], limit);
    return rows.map(({ sessionId }) => sessionId);
  }

  async unfenced(limit: number): Promise<readonly string[]> {
    return (await this.rows("all", "fence = 'pending'", [], limit)).map(({ sessionId }) => sessionId);
  }

  /** Writes the row of a session inside the transaction that appends its events. */
  async write(tx: pg.PoolClient, state: Session, version: number): Promise<void> {
    await enterScope(tx, "all");
    const { sessionId, account, chainId, owners } = state.key;
    await tx.query(
      `INSERT INTO ${this.#table} (session_id, account, chain_id, phase, fence, owners, ends_at, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (session_id) DO UPDATE SET phase = $4, fence = $5, ends_at = $7, version = $8`,
      [sessionId, `${chainId}:${account}`, chainId, state.phase, state.fence, owners, endsAt(state), version],
    );
  }

  private rows(scope: Scope, where: string, values: readonly string[], limit: number): Promise<readonly SessionRow[]> {
    const text = `SELECT session_id, account, phase, fence, owners FROM ${this.#table} WHERE ${where} ORDER BY session_id LIMIT ${limit}`;
    return inScope(this.pool, scope, async (tx) => (await tx.query<Row>(text, [...values])).rows.map(rowOf));
  }
}

/** Unix seconds from which the session's stream should say that it is over. */
function endsAt({ phase, grant }: Session): number {
  const { validUntil } = grant.policy;
  return phase === "drafted" ? Math.min(Number(validUntil), grant.armDeadline + CONFIRM_GRACE + 1) : Number(validUntil);
}

function rowOf({ session_id: sessionId, account, phase, fence, owners }: Row): SessionRow {
  return { sessionId, account, phase, fence, owners };
}
