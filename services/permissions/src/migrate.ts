import { runMigrations } from "#platform/database/run-migrations.js";
import { SCHEMA } from "./adapters/pg/migrations.js";
import { migrations } from "./migrations.js";

await runMigrations(SCHEMA, migrations);
