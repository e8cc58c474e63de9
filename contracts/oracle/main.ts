import { parseArgs } from "node:util";
import { playSequence } from "./play/sequence.js";
import { REGRESSIONS } from "./regressions.js";
import { type Difference, replay, writeSequences } from "./replay.js";
import { summarise } from "./summary.js";

/**
 * The differential oracle: random sequences are played by the model and replayed by the production bytecode on a genuine Safe.
 * Sequence i of a run has seed `--seed` + i; a difference prints its own seed, which then goes into regressions.ts.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    sequences: { type: "string", default: "20000" },
    only: { type: "string" },
    write: { type: "string" },
  },
});
const first = Number(values.seed);
const random = Array.from({ length: Number(values.sequences) }, (_, index) => (first + index) % 2 ** 31);
const seeds = values.only === undefined ? [...REGRESSIONS, ...random] : [Number(values.only)];
if (values.write !== undefined) {
  writeSequences(values.write, random, () => {});
  process.exit(0);
}
const started = performance.now();
const counts = new Map<string, number>();
const differences: Difference[] = [];
/** Sequences of one forge run: about 100 MB of hexadecimal. */
const CHUNK = 1_000;

for (let at = 0; at < seeds.length && differences.length === 0; at += CHUNK) {
  const difference = replay(seeds.slice(at, at + CHUNK), (step) => counts.set(step.name, (counts.get(step.name) ?? 0) + 1));
  if (difference !== undefined) differences.push(difference);
}

const seconds = (performance.now() - started) / 1000;
const played = [...counts.values()].reduce((sum, count) => sum + count, 0);
const missed = summarise(counts);
for (const { seed, index, saw } of differences) {
  const { steps } = playSequence(seed);
  console.log(`seed ${seed} (repeat with --only ${seed}), step ${index}: the chain ${saw}`);
  for (const step of steps.slice(Math.max(0, index - 8), index + 1)) {
    console.log(`  ${step.at} ${step.name} from ${step.from} ${step.ok ? "done" : "refused"} ${step.answer ?? ""}`);
  }
  console.log(JSON.stringify(steps[index]));
}
console.log(
  `seeds ${first}..${first + random.length - 1} and ${REGRESSIONS.length} regressions: ${seeds.length} sequences, ${played} steps`,
);
console.log(
  `${differences.length} differences in ${seconds.toFixed(0)} s; never met: ${missed.length === 0 ? "nothing" : missed.join(", ")}`,
);
process.exitCode = differences.length > 0 || (values.only === undefined && missed.length > 0) ? 1 : 0;
