import { createHash } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Proving } from "../../../services/audit/src/application/proving.js";
import { Reading } from "../../../services/audit/src/application/reading.js";
import { AuditorList } from "../../../services/audit/src/domain/auditor-list.js";
import { readPublishedEvent } from "../../../services/audit/src/domain/published-event.js";
import { openAuditHttp } from "../../../services/audit/src/transport/http/open-audit-http.js";
import { auditWriter } from "../../support/audit/audit-writer.js";
import type { Bed } from "../eventing/bed.js";
import { median } from "../eventing/measure.js";
import type { Report } from "../eventing/report.js";
import { EventSource } from "./made-events.js";

const TOKEN = "bench";

/** Bytes per second of a download, and how many bytes there were. */
function download(url: string): Promise<{ readonly rate: number; readonly bytes: number }> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve({ bytes, rate: bytes / ((performance.now() - begin) / 1_000) }));
    }).on("error", reject);
  });
}

/** The events as NDJSON out of the log, against the same bytes out of a file through the same server. */
export async function measureExport(bed: Bed, report: Report, rounds: number, count: number): Promise<void> {
  const { entries, checkpoints, storage, sealing } = auditWriter(bed.pool);
  const source = new EventSource();
  const folder = await mkdtemp(join(tmpdir(), "interlock-bench-export-"));
  const file = join(folder, "events.ndjson");
  for (let at = 0; at < count; at += 1_000) {
    const events = Array.from({ length: Math.min(1_000, count - at) }, () => source.next());
    await entries.append(events.map((bytes) => readPublishedEvent(bytes)));
    writeFileSync(file, `${events.join("\n")}\n`, { flag: "a" });
  }
  while (await sealing.seal());
  const hash = createHash("sha256").update(TOKEN).digest("hex");
  const auditors = AuditorList.parse(JSON.stringify([{ name: "bench", tokenHash: hash, accounts: "*" }]));
  const access = { note: () => undefined };
  const stopping = new AbortController().signal;
  const app = openAuditHttp({
    reading: new Reading(entries),
    proving: new Proving(storage),
    checkpoints,
    access,
    auditors,
    logKeys: [],
    stopping,
  });
  app.get("/cat", (_, reply) => reply.header("content-type", "application/x-ndjson").send(createReadStream(file)));
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const cat = await download(`http://127.0.0.1:${port}/cat`);
    const events = await download(`http://127.0.0.1:${port}/v1/audit/events?to=${count}`);
    if (events.bytes !== cat.bytes) throw new Error(`the log gave ${events.bytes} bytes, the file ${cat.bytes}`);
    ratios.push(events.rate / cat.rate);
  }
  await app.close();
  await rm(folder, { recursive: true, force: true });
  report.add({
    name: "export_ratio",
    value: median(ratios),
    unit: "of cat over HTTP",
    bar: 0.5,
    rounds,
    note: `${count} entries of 1,600 bytes`,
  });
}
