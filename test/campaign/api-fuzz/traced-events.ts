import pg from "pg";
import { DATABASE } from "../../../deploy/local/service-databases.js";
import type { Stack } from "../../../deploy/local/stack.js";

const PRODUCERS = ["auth", "permissions", "vault", "relay", "monitor", "audit"] as const;

export interface TracedEvent {
  readonly type: string;
  readonly traceId: string;
}

/** Every event any service has recorded, with the trace of the request that caused it. */
export async function tracedEvents({ postgres }: Stack): Promise<readonly TracedEvent[]> {
  const client = new pg.Client({ connectionString: postgres.url(DATABASE) });
  await client.connect();
  try {
    const all: TracedEvent[] = [];
    for (const schema of PRODUCERS) {
      const { rows } = await client.query<{ type: string; traceparent: string }>(
        `SELECT type, metadata->>'traceparent' AS traceparent FROM ${schema}.event WHERE metadata ? 'traceparent'`,
      );
      all.push(...rows.map(({ type, traceparent }) => ({ type, traceId: traceparent.split("-")[1] ?? "" })));
    }
    return all;
  } finally {
    await client.end();
  }
}
