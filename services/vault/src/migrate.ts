import { migrate } from "#platform/database/migrate.js";
import { migrations, VAULT_SCHEMA } from "./migrations.js";

const url = process.env.MIGRATE_DATABASE_URL ?? process.env.DATABASE_URL;
if (url === undefined) throw new Error("MIGRATE_DATABASE_URL: is required");
const done = await migrate({ url, schema: VAULT_SCHEMA, migrations });
process.stdout.write(`${VAULT_SCHEMA}: ${done.length === 0 ? "up to date" : done.join(", ")}\n`);
