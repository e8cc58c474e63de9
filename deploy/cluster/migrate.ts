import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeEventLog } from "../local/event-log-access.js";
import { DATABASE, DATABASE_ROLES, makeServiceRoles } from "../local/service-databases.js";
import { required } from "./required.js";

// One run brings a database from any earlier state to this version: the database, a role and a schema per service, every service's own
// migrations as its own role, the event log and who may use it. Running it again changes nothing; two at a time wait for each other.
const folder = required("SECRETS_FOLDER");
const urlOf = (role: string) => readFileSync(join(folder, role, "database-url"), "utf8").trim();
const adminUrl = process.env.ADMIN_DATABASE_URL_FILE;

if (adminUrl !== undefined) {
  await makeServiceRoles(readFileSync(adminUrl, "utf8").trim(), (role) => decodeURIComponent(new URL(urlOf(role)).password));
  console.log(`${DATABASE}: roles and schemas are there`);
}
await makeEventLog(urlOf("eventlog"));
console.log("eventlog: up to date");
for (const name of DATABASE_ROLES) {
  if (name === "eventlog") continue;
  const program = join(import.meta.dirname, "..", "..", "services", name, "src", "migrate.js");
  const { status } = spawnSync(process.execPath, [program], {
    env: { ...process.env, MIGRATE_DATABASE_URL: urlOf(name) },
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`the migration of ${name} ended with ${status}`);
}
