import pg from "pg";
import { DataSource, type MigrationInterface, type QueryRunner } from "typeorm";
import { identifier } from "./identifier.js";

/** One step of a schema's life, as raw SQL. Never edited once shipped: add another. */
export interface SqlMigration {
  /** CamelCase name, for example `CreateEventStore`. */
  readonly name: string;
  /** Milliseconds since 1970, 13 digits: the order of the steps. */
  readonly timestamp: number;
  readonly sql: string;
}

export interface MigrateOptions {
  /** URL of a role that may create tables in the schema; a secret. */
  readonly url: string;
  readonly schema: string;
  readonly migrations: readonly SqlMigration[];
}

/**
 * Brings `schema` up to date, each step in its own transaction, and returns the names of the steps that were run.
 * Two processes may call it at the same time: the second waits and finds nothing to do.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = identifier(options.schema);
  const guard = new pg.Client({ connectionString: options.url, application_name: `migrate ${schema}` });
  await guard.connect();
  try {
    await guard.query("SELECT pg_advisory_lock(hashtext('interlock.migrate'), hashtext($1))", [schema]);
    const { rowCount } = await guard.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
    if (rowCount === 0) await guard.query(`CREATE SCHEMA ${schema}`);
    return await runTypeOrm(options.url, schema, options.migrations);
  } finally {
    await guard.end();
  }
}

async function runTypeOrm(url: string, schema: string, migrations: readonly SqlMigration[]): Promise<string[]> {
  const source = new DataSource({
    type: "postgres",
    url,
    schema,
    installExtensions: false,
    synchronize: false,
    logging: false,
    migrations: migrations.map(asTypeOrm),
    migrationsTableName: "migration",
    migrationsTransactionMode: "each",
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

/** TypeORM orders by the 13 digits at the end of a migration's name. */
function asTypeOrm(migration: SqlMigration): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${migration.name}${migration.timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(migration.sql);
    }

    /** Forward only: an event store is mended by another step, not by taking one back. */
    async down(): Promise<void> {}
  };
}
