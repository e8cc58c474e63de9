import { parseArgs } from "node:util";
import { measureAppends } from "./appends.js";
import { type Bed, makeBed } from "./bed.js";
import { measureDrain } from "./drain.js";
import { measureGrpc } from "./grpc.js";
import { measureLag, measureRebuild, prepareProjection } from "./projections.js";
import { Report } from "./report.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    events: { type: "string", default: "200000" },
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

const raw = await onBed((bed) => measureAppends(bed, report, rounds));
await onBed(async (bed) => {
  await prepareProjection(bed);
  await measureDrain(bed, report, rounds, Number(values.events));
  await measureRebuild(bed, report, rounds, raw);
  await measureLag(bed, report, rounds);
});
await measureGrpc(report);
