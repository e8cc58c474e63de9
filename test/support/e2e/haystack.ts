import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { DATABASE, DATABASE_ROLES } from "../../../deploy/local/service-databases.js";
import { SERVICES } from "../../../deploy/local/service-environment.js";
import type { Stack } from "../../../deploy/local/stack.js";

/** Every line any service has logged. */
export function allLogs({ logFolder }: Stack): string {
  return readdirSync(logFolder)
    .map((file) => readFileSync(join(logFolder, file), "utf8"))
    .join("\n");
}

/** The metrics of every service. */
export async function allMetrics({ settings }: Stack): Promise<string> {
  const texts = SERVICES.map(async (name) => (await fetch(`http://127.0.0.1:${settings.ports[name].health}/metrics`)).text());
  return (await Promise.all(texts)).join("\n");
}

/**
 * Every row of every table of every service as text: events and their bytes, the log, and whatever else is kept.
 * Bytes are added as the text they may be, beside Postgres' own hex.
 */
export async function allRows({ postgres }: Stack): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url(DATABASE) });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = ANY($1) ORDER BY 1",
      [DATABASE_ROLES],
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT t.*, t::text AS whole FROM ${name} t`);
      for (const row of rows)
        texts.push(...Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString("utf8") : String(value))));
    }
    return texts.join("\n");
  } finally {
    await client.end();
  }
}

/** Every event there is, as the services published it and as the log has it, a line each. */
export async function allEvents({ postgres }: Stack): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: postgres.url(DATABASE) });
  await client.connect();
  try {
    const text = `SELECT convert_from(event, 'UTF8') AS line FROM audit.entry
      UNION SELECT convert_from(value, 'UTF8') FROM eventlog.record WHERE topic <> 'audit.checkpoints.v1'`;
    return (await client.query<{ line: string }>(text)).rows.map(({ line }) => line);
  } finally {
    await client.end();
  }
}
