import { randomBytes } from "node:crypto";
import pg from "pg";
import { createServiceSchemas } from "../../services/platform/src/database/service-schema.js";
import type { LocalPostgres } from "./postgres.js";

export const DATABASE = "interlock";
/** Services with a schema and a role of their own; `eventlog` owns the schema of the Postgres event log. */
export const DATABASE_ROLES = ["auth", "permissions", "vault", "relay", "monitor", "audit", "eventlog"] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** Where each role finds its schema, password included. */
export type ServiceDatabases = (role: DatabaseRole) => string;

/** Makes the database with one role and one schema per service; a role owns its schema and sees no other. */
export async function makeServiceDatabases(server: LocalPostgres): Promise<ServiceDatabases> {
  const passwords = new Map(DATABASE_ROLES.map((name) => [name, randomBytes(18).toString("base64url")] as const));
  await makeServiceRoles(server.url(), (name) => passwords.get(name) ?? "");
  return (role) => server.url(DATABASE, role, passwords.get(role));
}

/**
 * Makes the database unless it is there, and in it every service's role and schema. Safe to run again.
 * @param adminUrl URL of a role that may create databases, roles and schemas; a secret
 */
export async function makeServiceRoles(adminUrl: string, passwordOf: (role: DatabaseRole) => string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rowCount } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await admin.end();
  }
  const inside = new URL(adminUrl);
  inside.pathname = `/${DATABASE}`;
  await createServiceSchemas(
    inside.toString(),
    DATABASE_ROLES.map((name) => ({ name, password: passwordOf(name) })),
  );
}
