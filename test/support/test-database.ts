import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  /** `postgres://` URL as the superuser, on a database nobody else uses. */
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, empty database on the run's Postgres, or on another server by its superuser's URL. */
export async function createTestDatabase(server: string = inject("postgresUrl")): Promise<TestDatabase> {
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
