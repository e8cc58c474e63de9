import { runMigrations } from "#platform/database/run-migrations.js";
import { migrations, RELAY_SCHEMA } from "./migrations.js";

await runMigrations(RELAY_SCHEMA, migrations);
