#!/usr/bin/env node
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { readAuditEvent } from "./audit-event.js";
import { toEcs } from "./to-ecs.js";
import { toOcsf } from "./to-ocsf.js";
import { toOtlp } from "./to-otlp.js";

// NDJSON of the log in, one record a line out: audit-format ocsf|ecs|otlp [first index] < copy.ndjson. Withheld entries are counted.
const MAPPERS = { ocsf: toOcsf, ecs: toEcs, otlp: toOtlp } as const;
const [name = "", first = "0"] = process.argv.slice(2);
if (!Object.hasOwn(MAPPERS, name)) {
  console.error("usage: audit-format ocsf|ecs|otlp [FIRST INDEX] < copy.ndjson");
  process.exit(2);
}
const map = MAPPERS[name as keyof typeof MAPPERS];
let index = Number(first);
let withheld = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.startsWith('{"logindex":')) withheld += 1;
  else {
    const leafHash = createHash("sha256").update(Buffer.of(0)).update(line).digest("hex");
    console.log(JSON.stringify(map(readAuditEvent(line, index), leafHash)));
  }
  index += 1;
}
if (withheld > 0) console.error(`${withheld} entries were withheld`);
