import { runMigrations } from "#platform/database/run-migrations.js";
import { MONITOR_SCHEMA, migrations } from "./migrations.js";

await runMigrations(MONITOR_SCHEMA, migrations);
