import pg from "pg";
import { identifier } from "./identifier.js";

export interface ServiceSchema {
  /** The service's name: its schema and its role are called the same. */
  readonly name: string;
  /** The role's password; a secret. */
  readonly password: string;
}

/**
 * Makes one role per service that owns one schema and sees no other. Safe to run again; the password is set anew.
 * @param adminUrl URL of a role that may create roles and schemas; a secret
 */
export async function createServiceSchemas(adminUrl: string, schemas: readonly ServiceSchema[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    for (const schema of schemas) await createOne(client, identifier(schema.name), schema.password);
  } finally {
    await client.end();
  }
}

async function createOne(client: pg.Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
  const secret = client.escapeLiteral(password);
  await client.query(`${rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${name} LOGIN NOINHERIT PASSWORD ${secret}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${name}`);
  await client.query(`ALTER ROLE ${name} SET search_path TO ${name}`);
}
