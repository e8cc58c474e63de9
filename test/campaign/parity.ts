import { parseArgs } from "node:util";
import { stopOnSignals } from "../../deploy/local/stopped-on-signal.js";
import { runParity, STRICTER_REASONS } from "./parity/run-parity.js";

stopOnSignals();

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, cases: { type: "string", default: "2000" } } });
const started = performance.now();
const report = await runParity({ seed: Number(values.seed), cases: Number(values.cases) });
const seconds = (performance.now() - started) / 1000;
const unlisted = Object.keys(report.stricter).filter((code) => !STRICTER_REASONS.includes(code));

console.log(`seed ${values.seed}: ${report.cases} cases in ${seconds.toFixed(1)} s (${Math.round(report.cases / seconds)}/s)`);
console.log(`allowed by both ${report.allowed} (executed ${report.executed}), denied by both ${report.denied}`);
console.log(`server stricter: ${JSON.stringify(report.stricter)}`);
console.log(`unsound: ${report.unsound.length}`);
for (const one of report.unsound.slice(0, 5)) console.log(one);
if (report.allowed === 0 || report.executed === 0) console.log("nothing was allowed: the campaign proves nothing");
process.exitCode = report.unsound.length > 0 || unlisted.length > 0 || report.executed === 0 ? 1 : 0;
