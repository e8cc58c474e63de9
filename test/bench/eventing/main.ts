import { parseArgs } from "node:util";
import { measureAppends } from "./appends.js";
import { makeBed } from "./bed.js";
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
const bed = await makeBed();
try {
  await prepareProjection(bed);
  const raw = await measureAppends(bed, report, rounds);
  await measureDrain(bed, report, rounds, Number(values.events));
  await measureRebuild(bed, report, rounds, raw);
  await measureLag(bed, report, rounds);
  await measureGrpc(report);
} finally {
  await bed.stop();
}
