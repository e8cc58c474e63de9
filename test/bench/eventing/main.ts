import { parseArgs } from "node:util";
import { stopOnSignals } from "../../../deploy/local/stopped-on-signal.js";
import { measureAppends } from "./appends.js";
import { type Bed, makeBed } from "./bed.js";
import { measureDrain } from "./drain.js";
import { measureGrpc } from "./grpc.js";
import { measureLag, measureRebuild, prepareProjection } from "./projections.js";
import { Report } from "./report.js";

stopOnSignals();

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    events: { type: "string", default: "200000" },
    /** Only these parts. `rebuild` reads what `drain` has stored, which then runs as well. */
    parts: { type: "string", default: "appends,drain,rebuild,lag,grpc" },
  },
});
const rounds = Number(values.rounds);
const report = new Report("eventing", values.json);

/** A server of its own for each part: what one part stores does not slow the next. */
async function onBed<T>(measure: (bed: Bed) => Promise<T>): Promise<T> {
  const bed = await makeBed();
  try {
    return await measure(bed);
  } finally {
    await bed.stop();
  }
}

const parts = new Set(values.parts.split(","));
if (parts.has("appends")) await onBed((bed) => measureAppends(bed, report, rounds));
await onBed(async (bed) => {
  await prepareProjection(bed);
  if (parts.has("drain") || parts.has("rebuild")) await measureDrain(bed, report, rounds, Number(values.events));
  if (parts.has("rebuild")) await measureRebuild(bed, report, rounds);
  if (parts.has("lag")) await measureLag(bed, report, rounds);
});
if (parts.has("grpc")) await measureGrpc(report);
