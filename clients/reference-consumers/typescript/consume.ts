import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { Kafka } from "kafkajs";
import { AuditCopy, type CopyFile } from "./audit-copy.js";
import { httpRepair } from "./http-repair.js";

// A consumer of audit.v1 to start from: keeps its own copy, NDJSON, and never misses an entry unnoticed. Uses nothing of Interlock.
const { values } = parseArgs({
  options: {
    brokers: { type: "string", default: "localhost:9092" },
    group: { type: "string", default: "compliance-copy" },
    http: { type: "string" },
    "token-file": { type: "string" },
    out: { type: "string", default: "audit-copy.ndjson" },
  },
});
const { http, "token-file": tokenFile, out } = values;
if (http === undefined || tokenFile === undefined) {
  console.error("usage: consume --brokers HOST:PORT --http URL --token-file FILE [--out FILE] [--group NAME]");
  process.exit(2);
}

/** Lines there already are what the copy goes on behind. */
function linesIn(path: string): bigint {
  try {
    let lines = 0n;
    for (const byte of readFileSync(path)) if (byte === 0x0a) lines += 1n;
    return lines;
  } catch {
    return 0n;
  }
}

const handle = openSync(out, "a");
const file: CopyFile = {
  append: (_, event) => {
    writeSync(handle, Buffer.concat([event, Buffer.from("\n")]));
    return Promise.resolve();
  },
};
const repair = httpRepair(http, readFileSync(tokenFile, "utf8").trim());
const copy = new AuditCopy({ file, repair, say: (line) => console.log(line), next: linesIn(out) });
const kafka = new Kafka({ clientId: values.group, brokers: values.brokers.split(",") });
const consumer = kafka.consumer({ groupId: values.group });
/** A copy with a hole is worth nothing: nothing behind it is taken, and nothing is committed. */
function stop(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await consumer.connect();
await consumer.subscribe({ topics: ["audit.v1"], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch, heartbeat }) => {
    for (const { headers, value, offset } of batch.messages) {
      const index = headers?.logindex?.toString();
      if (index === undefined || value === null) throw new Error(`offset ${offset} is no audit record`);
      await copy.take(BigInt(index), value).catch(stop);
      await heartbeat();
    }
    // On disk before it is committed: what a crash repeats is dropped by its index.
    fsyncSync(handle);
    const [last] = batch.messages.slice(-1);
    if (last !== undefined) {
      const { topic, partition } = batch;
      await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last.offset) + 1n) }]);
    }
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    consumer.disconnect().then(
      () => closeSync(handle),
      (error: unknown) => console.error(error),
    );
  });
}
