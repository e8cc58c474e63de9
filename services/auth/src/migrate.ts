import { runMigrations } from "#platform/database/run-migrations.js";
import { AUTH_SCHEMA, migrations } from "./migrations.js";

await runMigrations(AUTH_SCHEMA, migrations);
