import { migrate } from "../../services/platform/src/database/migrate.js";
import { grantEventLogAccess } from "../../services/platform/src/event-log/postgres/grant-access.js";
import { eventLogMigrations } from "../../services/platform/src/event-log/postgres/migrations.js";
import { DATABASE_ROLES } from "./service-databases.js";

/** Makes the tables of the Postgres event log: every service publishes; audit reads what they publish, monitor reads the log. Safe to run again. */
export async function makeEventLog(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, schema: "eventlog", migrations: eventLogMigrations() });
  const consumers = ["audit", "monitor"];
  const producers = DATABASE_ROLES.filter((name) => !consumers.includes(name) && name !== "eventlog");
  await grantEventLogAccess(ownerUrl, { producers, consumers });
}
