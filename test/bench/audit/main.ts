import { parseArgs } from "node:util";
import { stopOnSignals } from "../../../deploy/local/stopped-on-signal.js";
import { AUDIT_SCHEMA, migrations } from "../../../services/audit/src/migrations.js";
import { migrate } from "../../../services/platform/src/database/migrate.js";
import { auditWriter } from "../../support/audit/audit-writer.js";
import { type Bed, makeBed } from "../eventing/bed.js";
import { Report } from "../eventing/report.js";
import { measureAppend } from "./append.js";
import { measureAuditDrain } from "./drain.js";
import { measureExport } from "./export.js";
import { measureVerify } from "./verify.js";

stopOnSignals();

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    /** Entries that are verified, and leaves the log grows to. */
    entries: { type: "string", default: "1000000" },
    /** Events that go through sequencer, broker and log. */
    events: { type: "string", default: "200000" },
    parts: { type: "string", default: "verify,append,drain,export" },
  },
});
const [rounds, entries, events] = [values.rounds, values.entries, values.events].map(Number) as [number, number, number];
const report = new Report("audit", values.json);
const parts = new Set(values.parts.split(","));

async function onBed(measure: (bed: Bed) => Promise<void>): Promise<void> {
  const bed = await makeBed();
  try {
    await migrate({ url: bed.url, schema: AUDIT_SCHEMA, migrations });
    await measure(bed);
  } finally {
    await bed.stop();
  }
}

if (parts.has("verify")) await measureVerify(report, rounds, entries);
if (parts.has("append")) await onBed((bed) => measureAppend(auditWriter(bed.pool).storage, report, entries));
if (parts.has("drain")) await onBed((bed) => measureAuditDrain(bed, report, rounds, events));
if (parts.has("export")) await onBed((bed) => measureExport(bed, report, rounds, Math.min(events, 100_000)));
