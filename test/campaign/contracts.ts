import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Figures, figuresOf, sumOf } from "../../contracts/campaign/figures.js";
import { openFinished } from "../../contracts/campaign/finished.js";
import { type Part, partsOf } from "../../contracts/campaign/parts.js";

/**
 * Tests on both Safe versions, calls over invariants, sequences against the oracle, in slices with a seed of their own.
 * usage: contracts.js [--seed N] [--dose ci|full] [--ledger FILE: a later run with the same file goes on where this one stops]
 */
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, dose: { type: "string", default: "full" }, ledger: { type: "string" } },
});
const parts = partsOf(values.dose === "ci" ? "ci" : "full", Number(values.seed));
const finished = openFinished(values.ledger, fileURLToPath(new URL("../../../contracts/", import.meta.url)));

const held: Figures[] = [];
for (const part of parts) {
  const earlier = finished.figures(part.name);
  if (earlier !== undefined) {
    console.log(`--- ${part.name}: held in an earlier run`);
    held.push(earlier);
    continue;
  }
  const started = performance.now();
  console.log(`--- ${part.name}`);
  const { status, output } = await run(part);
  console.log(`--- ${part.name}: ${status === 0 ? "holds" : "FAILED"} after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (status !== 0) continue;
  held.push(figuresOf(output));
  finished.note(part.name, figuresOf(output));
}
const counted = Object.entries(sumOf(held)).map(([name, count]) => `${name} ${count.toLocaleString("en")}`);
console.log(`seed ${values.seed}, in all: ${counted.join("; ")}`);
console.log(`${held.length} passed, ${parts.length - held.length} failed, 0 skipped`);
process.exitCode = held.length === parts.length ? 0 : 1;

/** Runs a part's program; what it prints is shown and returned. */
function run({ program, environment }: Part): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...environment } });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ status: code ?? 1, output }));
  });
}
