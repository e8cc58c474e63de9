import { randomUUID } from "node:crypto";
import { NoKafka, startKafka } from "../../../deploy/local/kafka.js";
import type { EventLog } from "../../../services/platform/src/event-log/event-log.js";
import { KafkaEventLog } from "../../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { metadata } from "../../support/event-data.js";
import { useEvent } from "./arms.js";
import { type Bed, CALLERS } from "./bed.js";
import { median, rateOf } from "./measure.js";
import type { Report } from "./report.js";

export interface Broker {
  readonly log: EventLog;
  readonly kind: string;
  /** Where other processes reach it; the postgres log is reached through the database. */
  readonly brokers?: readonly string[];
  stop(): Promise<void>;
}

/** Appends and drains take turns until `total` events have gone through the sequencer and the broker. */
export async function measureDrain(bed: Bed, report: Report, rounds: number, total: number): Promise<void> {
  const broker = await startBroker(bed);
  const each = Math.floor(total / rounds);
  const [appended, drained]: [number[], number[]] = [[], []];
  await drain(bed, broker.log);
  for (let round = 0; round < rounds; round++) {
    const streams = Array.from({ length: CALLERS }, () => `drain-${randomUUID()}`);
    const append = (caller: number, n: number) =>
      bed.store.append(streams[caller] ?? "", n, [useEvent(n)], metadata({ partitionKey: `31337:0x${caller}` }));
    appended.push(await rateOf(each, CALLERS, append));
    drained.push(await drain(bed, broker.log));
  }
  await broker.stop();
  const note = `${total} events through ${broker.kind}`;
  report.add({ name: "events_drained", value: median(drained), unit: "1/s", rounds, note });
  report.add({ name: "events_appended", value: median(appended), unit: "1/s", rounds });
  const ratios = drained.map((rate, index) => rate / (appended[index] ?? Number.NaN));
  report.add({ name: "sequencer_ratio", value: median(ratios), unit: "of append x64", bar: 0.7, rounds, note });
}

/** Sequences and publishes all there is; events per second. */
async function drain(bed: Bed, eventLog: EventLog): Promise<number> {
  const stored = BigInt((await bed.pool.query(`SELECT count(*) AS n FROM ${bed.on.schema}.event`)).rows[0]?.n ?? "0");
  const before = BigInt((await bed.pool.query(`SELECT published FROM ${bed.on.schema}.log_head`)).rows[0]?.published ?? "0");
  const done = Promise.withResolvers<void>();
  const check = () => {
    if (sequencer.status.published === stored) done.resolve();
  };
  const onStep = (step: string) => {
    if (step === "recorded") setImmediate(check);
  };
  const sequencer = bed.on.sequencer({ eventLog, batch: 1_000, onStep, onError: (error) => console.error(error) });
  const begin = performance.now();
  sequencer.start();
  if (before < stored) await done.promise;
  const seconds = (performance.now() - begin) / 1_000;
  await sequencer.stop();
  return Number(stored - before) / seconds;
}

/** A real broker where there is one. */
export async function startBroker(bed: Bed): Promise<Broker> {
  try {
    const kafka = await startKafka();
    const log = new KafkaEventLog({ brokers: kafka.brokers, clientId: "bench", random: systemRandom });
    const stop = async () => {
      await log.close();
      await kafka.stop();
    };
    return { log, kind: `Kafka 4 (${kafka.kind})`, brokers: kafka.brokers, stop };
  } catch (error) {
    if (!(error instanceof NoKafka)) throw error;
    console.warn(error.message);
    const log = new PostgresEventLog({ pool: bed.on.pool, random: systemRandom });
    return { log, kind: "the postgres log, as there is no Kafka here", stop: () => log.close() };
  }
}
