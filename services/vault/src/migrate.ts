import { runMigrations } from "#platform/database/run-migrations.js";
import { migrations, VAULT_SCHEMA } from "./migrations.js";

await runMigrations(VAULT_SCHEMA, migrations);
