import { migrate, type SqlMigration } from "./migrate.js";

/** The whole of a service's migrate.ts: brings its schema up to date with MIGRATE_DATABASE_URL, or DATABASE_URL, and says what was done. */
export async function runMigrations(schema: string, migrations: readonly SqlMigration[]): Promise<void> {
  const url = process.env.MIGRATE_DATABASE_URL ?? process.env.DATABASE_URL;
  if (url === undefined) {
    console.error("MIGRATE_DATABASE_URL: is required (or DATABASE_URL), a postgres:// URL of a role that may create tables");
    process.exitCode = 1;
    return;
  }
  const done = await migrate({ url, schema, migrations });
  console.log(`${schema}: ${done.length === 0 ? "up to date" : done.join(", ")}`);
}
