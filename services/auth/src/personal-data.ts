import { text } from "node:stream/consumers";
import { databaseVariables } from "#platform/config/common-variables.js";
import { loadConfig } from "#platform/config/load-config.js";
import { createPool } from "#platform/database/pool.js";
import { checkEventData } from "#platform/event-schema/check-event-data.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { parseAccountId, splitAccountId, uuidV7Factory } from "#platform/kernel/ids.js";
import { systemRandom } from "#platform/kernel/random.js";
import { PgAgentStore } from "./adapters/postgres/pg-agent-store.js";
import { PgSubjectKeys } from "./adapters/postgres/pg-subject-keys.js";
import { PersonalData } from "./application/personal-data.js";
import { Recorder } from "./application/recorder.js";
import { configDefinition } from "./config.js";
import { readSealed } from "./domain/sealed-data.js";
import { AUTH_SCHEMA } from "./migrations.js";

const USAGE = `usage: personal-data erase CHAIN:WALLET REQUESTED_BY   destroys the keys of a wallet's personal data in the audit log
       personal-data open < EVENT                      shows the personal data of one event (its exact bytes on standard input)
reads DATABASE_URL and PII_KEY, each also as _FILE`;

// For the operator who answers requests of people who have no wallet to sign in with any more, or lawful requests to see.
const [command, subject, requestedBy] = process.argv.slice(2);
const config = loadConfig({ databaseUrl: databaseVariables.databaseUrl, piiKey: configDefinition.piiKey }, process.env);
if (config.piiKey === undefined) throw new Error("PII_KEY: is required");
const pool = createPool({ url: config.databaseUrl, applicationName: "personal-data", max: 2 });
const ids = uuidV7Factory(systemClock);
const recorder = new Recorder(new EventStore(pool, { schema: AUTH_SCHEMA, clock: systemClock, ids, check: checkEventData }), ids);
const keys = new PgSubjectKeys(pool, config.piiKey, systemRandom);
const data = new PersonalData({ keys, secret: config.piiKey, agents: new PgAgentStore(pool), recorder, random: systemRandom });
try {
  if (command === "erase" && subject !== undefined && requestedBy !== undefined) {
    const { chainId, address } = splitAccountId(parseAccountId(subject.toLowerCase()));
    console.log(`${await data.erase(address, chainId, requestedBy)} keys destroyed`);
  } else if (command === "open") {
    const { type, pii } = readSealed(await text(process.stdin));
    console.log(JSON.stringify(await data.open(type, pii)));
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
} finally {
  await pool.end();
}
