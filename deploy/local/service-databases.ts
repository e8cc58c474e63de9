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
  const admin = new pg.Client({ connectionString: server.url() });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${DATABASE}`).finally(() => admin.end());
  const passwords = new Map(DATABASE_ROLES.map((name) => [name, randomBytes(18).toString("base64url")] as const));
  await createServiceSchemas(
    server.url(DATABASE),
    [...passwords].map(([name, password]) => ({ name, password })),
  );
  return (role) => server.url(DATABASE, role, passwords.get(role));
}
