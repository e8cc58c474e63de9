import { generateKeyPairSync, randomUUID } from "node:crypto";
import { CheckpointRepository } from "../../../services/audit/src/adapters/checkpoint-repository.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { PostgresLogStorage } from "../../../services/audit/src/adapters/postgres-log-storage.js";
import { Ingest } from "../../../services/audit/src/application/ingest.js";
import { Sealing } from "../../../services/audit/src/application/sealing.js";
import { ProducerTrust } from "../../../services/audit/src/domain/producer-trust.js";
import { sourceOf } from "../../../services/platform/src/event-store/cloud-event.js";
import { createLogger } from "../../../services/platform/src/logging/logger.js";
import { chainSigner } from "../../../services/platform/src/transparency-log/producer-chain.js";
import { logSigner, ORIGIN } from "../../support/audit/made-log.js";
import { metadata } from "../../support/event-data.js";
import { useEvent } from "../eventing/arms.js";
import { type Bed, CALLERS } from "../eventing/bed.js";
import { startBroker } from "../eventing/drain.js";
import { median, rateOf } from "../eventing/measure.js";
import type { Report } from "../eventing/report.js";

/** Everything behind the store: sequencer, broker, the audit stream and its tree. */
export async function measureAuditDrain(bed: Bed, report: Report, rounds: number, total: number): Promise<void> {
  const broker = await startBroker(bed);
  const pair = generateKeyPairSync("ed25519");
  const signChain = chainSigner(pair.privateKey.export({ format: "jwk" }));
  const entries = new EntryRepository(bed.pool, new ProducerTrust(new Map([[sourceOf(bed.on.schema), [pair.publicKey]]])));
  const checkpoints = new CheckpointRepository(bed.pool);
  const storage = new PostgresLogStorage(bed.pool, entries);
  const sealing = new Sealing({ entries, storage, checkpoints, origin: ORIGIN, signers: [logSigner] });
  const conflicts = { inc: () => undefined };
  const ingest = new Ingest(entries, { conflicts, forged: conflicts }, createLogger({ service: "audit", level: "silent" }));
  const handler = (batch: Parameters<Ingest["handle"]>[0]) => ingest.handle(batch);
  const subscription = await broker.log.subscribe({ group: "bench-audit", topics: ["session.lifecycle.v1"], handler });
  const each = Math.floor(total / rounds);
  const [appended, drained]: [number[], number[]] = [[], []];
  let settled = 0n;
  for (let round = 0; round < rounds; round++) {
    const streams = Array.from({ length: CALLERS }, () => `drain-${randomUUID()}`);
    const append = (caller: number, n: number) =>
      bed.store.append(streams[caller] ?? "", n, [useEvent(n)], metadata({ partitionKey: `31337:0x${caller}` }));
    appended.push(await rateOf(each, CALLERS, append));
    const stored = BigInt((await bed.pool.query(`SELECT count(*) AS n FROM ${bed.on.schema}.event`)).rows[0]?.n ?? "0");
    const sequencer = bed.on.sequencer({ eventLog: broker.log, signChain, batch: 1_000, onError: (error) => console.error(error) });
    const begin = performance.now();
    sequencer.start();
    for (let size = settled; size < stored; size = await entries.settled()) {
      if (!(await sealing.seal())) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    drained.push(Number(stored - settled) / ((performance.now() - begin) / 1_000));
    settled = stored;
    await sequencer.stop();
  }
  await subscription.stop();
  await broker.stop();
  const note = `${total} events through ${broker.kind}, signed by their producer and checked, stored, sealed and signed`;
  const ratios = drained.map((rate, index) => rate / (appended[index] ?? Number.NaN));
  report.add({ name: "events_drained", value: median(drained), unit: "1/s", rounds, note });
  report.add({ name: "sequencer_ratio", value: median(ratios), unit: "of append x64", bar: 0.7, rounds, note });
}
