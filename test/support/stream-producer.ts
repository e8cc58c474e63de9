import { setTimeout as pause } from "node:timers/promises";
import { createPool } from "../../services/platform/src/database/pool.js";
import { KafkaEventLog } from "../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { EventStore } from "../../services/platform/src/event-store/event-store.js";
import { Sequencer } from "../../services/platform/src/event-store/sequencer.js";
import { systemClock } from "../../services/platform/src/kernel/clock.js";
import { uuidV7Factory } from "../../services/platform/src/kernel/ids.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { metadata, SCHEMA, used } from "./event-data.js";

/** What the producer is told by its STREAM_PRODUCER variable. */
export interface StreamOrder {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly sessions: number;
  /** Events of each session. */
  readonly each: number;
  /** Time between two events of a session, in milliseconds: so that there is a middle to be killed in. */
  readonly paceMs: number;
}

/** Appends what is missing of every session's events and publishes them, until it is killed; goes on where one before it was killed. */
async function main({ url, brokers, sessions, each, paceMs }: StreamOrder): Promise<void> {
  const pool = createPool({ url, applicationName: "stream producer", max: 10, onIdleError: () => undefined });
  const store = new EventStore(pool, { schema: SCHEMA, clock: systemClock, ids: uuidV7Factory(systemClock) });
  const eventLog = new KafkaEventLog({ brokers, clientId: "stream-producer", random: systemRandom });
  const env = { cluster: "test", service: SCHEMA, version: "0.0.0" };
  const sequencer = new Sequencer(pool, {
    schema: SCHEMA,
    env,
    clock: systemClock,
    random: systemRandom,
    eventLog,
    batch: 100,
    campaignMs: 100,
  });
  store.onCommit(() => sequencer.wake());
  sequencer.start();
  const { rows } = await pool.query<{ stream: string; version: number }>(
    `SELECT stream, max(version)::int AS version FROM ${SCHEMA}.event GROUP BY stream`,
  );
  const known = new Map(rows.map(({ stream, version }) => [stream, version]));
  const session = async (n: number) => {
    const stream = `session-${n}`;
    const partitionKey = `31337:0x${(n % 20).toString(16).padStart(40, "0")}`;
    for (let version = known.get(stream) ?? 0; version < each; version++) {
      await store.append(stream, version, [used(version + 1)], metadata({ partitionKey, subject: stream }));
      await pause(paceMs);
    }
  };
  await Promise.all(Array.from({ length: sessions }, (_, n) => session(n)));
}

await main(JSON.parse(process.env.STREAM_PRODUCER ?? "{}"));
