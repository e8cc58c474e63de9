import type pg from "pg";
import { withClient } from "#platform/database/with-client.js";
import { parseAccountId } from "#platform/kernel/ids.js";
import type { AgentRecord, AgentStore } from "../../application/ports/agent-store.js";
import type { Tx } from "../../application/ports/tx.js";
import type { AgentPublicKey } from "../../domain/agent-key.js";

interface AgentRow {
  readonly id: string;
  readonly session_id: string;
  readonly account: string;
  readonly owner: string;
  readonly public_key: AgentPublicKey;
  readonly label: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

/** Agent credentials and the assertions they have used, in Postgres. */
export class PgAgentStore implements AgentStore {
  constructor(private readonly pool: pg.Pool) {}

  async insert(tx: Tx, agent: AgentRecord): Promise<void> {
    await tx.query(
      "INSERT INTO auth.agent (id, session_id, account, owner, public_key, label, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      [agent.id, agent.sessionId, agent.account, agent.owner, JSON.stringify(agent.publicKey), agent.label, agent.createdAt],
    );
  }

  async byId(id: string): Promise<AgentRecord | undefined> {
    const { rows } = await withClient(this.pool, (client) =>
      client.query<AgentRow>(
        "SELECT id, session_id, account, owner, public_key, label, created_at, revoked_at FROM auth.agent WHERE id = $1",
        [id],
      ),
    );
    return rows[0] === undefined ? undefined : toAgent(rows[0]);
  }

  async revoke(tx: Tx, id: string, at: Date): Promise<boolean> {
    const result = await tx.query("UPDATE auth.agent SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", [id, at]);
    return result.rowCount === 1;
  }

  async forgetLabels(tx: Tx, owner: string): Promise<void> {
    await tx.query("UPDATE auth.agent SET label = 'erased' WHERE owner = $1", [owner]);
  }

  async useAssertion(credentialId: string, jti: string, expiresAt: Date): Promise<boolean> {
    const result = await withClient(this.pool, (client) =>
      client.query("INSERT INTO auth.agent_assertion (agent_id, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
        credentialId,
        jti,
        expiresAt,
      ]),
    );
    return result.rowCount === 1;
  }
}

function toAgent(row: AgentRow): AgentRecord {
  return {
    id: row.id,
    sessionId: row.session_id,
    account: parseAccountId(row.account),
    owner: row.owner,
    publicKey: row.public_key,
    label: row.label,
    createdAt: row.created_at,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}
