import { runMigrations } from "#platform/database/run-migrations.js";
import { AUDIT_SCHEMA, migrations } from "./migrations.js";

await runMigrations(AUDIT_SCHEMA, migrations);
