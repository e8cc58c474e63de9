import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild, stopChild } from "../../../deploy/local/child.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { sourceOf } from "../../../services/platform/src/event-store/cloud-event.js";
import { chainSigner } from "../../../services/platform/src/transparency-log/producer-chain.js";
import { metadata } from "../../support/event-data.js";
import { useEvent } from "../eventing/arms.js";
import { type Bed, CALLERS } from "../eventing/bed.js";
import { startBroker } from "../eventing/drain.js";
import { median, rateOf } from "../eventing/measure.js";
import type { Report } from "../eventing/report.js";
import type { AuditProcessOrder } from "./audit-process.js";

const LOOK_MS = 20;

/** Everything behind the store: sequencer, broker, and in a process of its own the audit stream and its tree. */
export async function measureAuditDrain(bed: Bed, report: Report, rounds: number, total: number): Promise<void> {
  const broker = await startBroker(bed);
  const pair = generateKeyPairSync("ed25519");
  const signChain = chainSigner(pair.privateKey.export({ format: "jwk" }));
  const entries = new EntryRepository(bed.pool);
  const audit = await startAudit({
    url: bed.url,
    ...(broker.brokers === undefined ? {} : { brokers: broker.brokers }),
    source: sourceOf(bed.on.schema),
    publicKey: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  });
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
    while ((await entries.settled()) < stored) {
      if (audit.exitCode !== null || audit.signalCode !== null) ended();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    drained.push(Number(stored - settled) / ((performance.now() - begin) / 1_000));
    settled = stored;
    await sequencer.stop();
  }
  await stopChild(audit);
  await broker.stop();
  const note = `${total} events through ${broker.kind}, signed by their producer and checked, stored, sealed and signed`;
  const ratios = drained.map((rate, index) => rate / (appended[index] ?? Number.NaN));
  report.add({ name: "events_drained", value: median(drained), unit: "1/s", rounds, note });
  report.add({ name: "sequencer_ratio", value: median(ratios), unit: "of append x64", bar: 0.7, rounds, note });
}

/** Resolves once it has subscribed. */
async function startAudit(order: AuditProcessOrder) {
  const child = startChild(process.execPath, [fileURLToPath(new URL("./audit-process.js", import.meta.url))], {
    env: { ...process.env, AUDIT_PROCESS: JSON.stringify(order) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout !== null) await Promise.race([once(child.stdout, "data"), once(child, "exit").then(ended)]);
  return child;
}

function ended(): never {
  throw new Error("the audit process ended before its work was done");
}
