// Runs while the image is built: the relay gets a migration after its last one.
import { appendFileSync, existsSync } from "node:fs";

const file = "dist/services/relay/src/migrations.js";
const step = { name: "NextVersion", timestamp: 4_000_000_000_000, sql: "ALTER TABLE relay.execution ADD COLUMN next_version text" };
if (existsSync(file)) appendFileSync(file, `\nmigrations.push(${JSON.stringify(step)});\n`);
