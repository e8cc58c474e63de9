import pg from "pg";
import type { Stack } from "../../../deploy/local/stack.js";

export interface StreamEvent {
  readonly type: string;
  /** Empty for events that concern no execution. */
  readonly executionId: string;
}

/** A session's events in the order of its stream, as permissions' own database has them. */
export async function sessionStream({ databases }: Stack, sessionId: string): Promise<readonly StreamEvent[]> {
  const client = new pg.Client({ connectionString: databases("permissions") });
  await client.connect();
  try {
    const sql = `SELECT type, coalesce(data->>'executionId', '') AS "executionId" FROM permissions.event WHERE stream = 'session-' || $1 ORDER BY version`;
    const { rows } = await client.query<StreamEvent>(sql, [sessionId]);
    return rows;
  } finally {
    await client.end();
  }
}

/** The events of a type. */
export const ofType = (events: readonly StreamEvent[], wanted: string): readonly StreamEvent[] =>
  events.filter(({ type }) => type === wanted);
