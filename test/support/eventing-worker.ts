import { randomUUID } from "node:crypto";
import { createPool } from "../../services/platform/src/database/pool.js";
import { PostgresEventLog } from "../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { EventStore } from "../../services/platform/src/event-store/event-store.js";
import { Sequencer } from "../../services/platform/src/event-store/sequencer.js";
import { systemClock } from "../../services/platform/src/kernel/clock.js";
import { uuidV7Factory } from "../../services/platform/src/kernel/ids.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { metadata, SCHEMA, used } from "./event-data.js";

/** What a worker process is told by its EVENTING_WORKER variable. */
export interface EventingOrder {
  readonly url: string;
  readonly role: "writer" | "sequencer";
  /** Where it kills itself, as kill -9 does. */
  readonly fault: string;
  /** How often it passes there before. */
  readonly after: number;
}

async function main({ url, role, fault, after }: EventingOrder): Promise<void> {
  const pool = createPool({ url, applicationName: role });
  let passed = 0;
  const pass = (step: string) => {
    if (step === fault && passed++ === after) process.kill(process.pid, "SIGKILL");
  };
  if (role === "writer") await write(new EventStore(pool, { schema: SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) }), pass);
  else {
    const eventLog = new PostgresEventLog({ pool, random: systemRandom, partitions: () => 3 });
    const env = { cluster: "test", service: SCHEMA, version: "0.0.0" };
    const options = { schema: SCHEMA, env, clock: systemClock, random: systemRandom, eventLog, batch: 40, pollMs: 5, campaignMs: 20 };
    new Sequencer(pool, { ...options, onStep: pass }).start();
  }
}

/** Writes to eight streams at once and says on standard output what is committed. */
async function write(store: EventStore, pass: (step: string) => void): Promise<void> {
  const writer = async (key: number) => {
    const stream = `session-${randomUUID()}`;
    for (let version = 0; ; version += 2) {
      pass("before-append");
      await store.withTransaction(async (tx) => {
        await store.append(stream, version, [used(version), used(version + 1)], metadata({ partitionKey: `31337:0x${key}` }), tx);
        pass("uncommitted");
      });
      process.stdout.write(`${stream} ${version + 2}\n`);
      pass("committed");
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, key) => writer(key)));
}

const order = process.env.EVENTING_WORKER;
if (order !== undefined) await main(JSON.parse(order));
