import pg from "pg";
import type { Stack } from "../../../deploy/local/stack.js";

/** Types of a session's events in the order of its stream, as permissions' own database has them. */
export async function sessionStream({ databases }: Stack, sessionId: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databases("permissions") });
  await client.connect();
  try {
    const sql = "SELECT type FROM permissions.event WHERE stream LIKE '%' || $1 ORDER BY version";
    const { rows } = await client.query<{ type: string }>(sql, [sessionId]);
    return rows.map(({ type }) => type);
  } finally {
    await client.end();
  }
}

/** How many events of a type. */
export const countOf = (events: readonly string[], type: string): number => events.filter((one) => one === type).length;
