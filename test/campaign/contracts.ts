import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

/** One part of the campaign: what it shows, and the program that shows it. */
interface Part {
  readonly name: string;
  readonly program: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, dose: { type: "string", default: "full" } } });
const full = values.dose === "full";
/** Calls over invariants = runs x depth x 2 invariants x 2 Safe versions: 2,048,000 in the full dose. */
const INVARIANTS = full ? { runs: "512", depth: "1000" } : { runs: "10", depth: "300" };
const SEQUENCES = full ? "20000" : "300";

const invariants = (safe: string): Part => ({
  name: `invariants on Safe ${safe}`,
  program: ["contracts/tools/test.mjs", "--match-path", "test/invariant/*", "--fuzz-seed", values.seed],
  environment: { INTERLOCK_SAFE: safe, FOUNDRY_INVARIANT_RUNS: INVARIANTS.runs, FOUNDRY_INVARIANT_DEPTH: INVARIANTS.depth },
});
const parts: readonly Part[] = [
  // A CI run has the tests already, from `npm test`.
  ...(full ? [{ name: "tests on both Safe versions", program: ["contracts/tools/test.mjs"] }] : []),
  { name: "differential oracle", program: ["dist/contracts/oracle/main.js", "--seed", values.seed, "--sequences", SEQUENCES] },
  invariants("1.4.1"),
  invariants("1.5.0"),
];

const failed = parts.filter(({ name, program, environment }) => {
  const started = performance.now();
  console.log(`--- ${name}`);
  const { status } = spawnSync(process.execPath, program, { stdio: "inherit", env: { ...process.env, ...environment } });
  console.log(`--- ${name}: ${status === 0 ? "holds" : "FAILED"} after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return status !== 0;
});
console.log(`${parts.length - failed.length} passed, ${failed.length} failed, 0 skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;
