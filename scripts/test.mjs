// Runs the test suites one after the other and adds up what they say.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSuite } from "./lib/vitest-suite.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const everything = ["unit", "contracts", "integration", "contract", "e2e"];
const known = [...everything, "chaos", "charts", "cluster"];
const args = process.argv.slice(2);
const chosen = args.filter((arg) => known.includes(arg));
const passOn = args.filter((arg) => !known.includes(arg));
const suites = chosen.length > 0 ? chosen : everything;
/** More failed files than this are no accident of a busy machine: they are not tried again. */
const MOST_FILES_AGAIN = 3;
const scratch = mkdtempSync(join(tmpdir(), "interlock-tests-"));
// As root, Postgres and signer-core run under users of their own, whose folders lie below this one.
chmodSync(scratch, 0o711);
const rows = [];
const onlyAlone = [];

for (const [index, suite] of suites.entries()) {
  console.log(`\n=== ${suite} (${index + 1} of ${suites.length}) ===`);
  rows.push(...(suite === "contracts" ? foundry() : vitest(suite)));
}
rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
tell(
  "Skipped, and how to run it",
  rows.flatMap(({ whySkipped }) => whySkipped),
);
tell("Failed among the others and passed alone; each is a fault to find", onlyAlone);
tell(
  "Failed",
  rows.flatMap(({ failures }) => failures),
);
const [passed, failed, skipped] = ["passed", "failed", "skipped"].map((key) => rows.reduce((sum, row) => sum + row[key], 0));
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function tell(title, lines) {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((line) => `  - ${line}`).join("\n")}`);
}

/**
 * A suite; files that failed are run once more, alone. What fails again has failed. What passes counts, and is named at the end with its first
 * error: a busy machine turns no tree away, and nothing is hidden. Whoever passes arguments of their own gets the one run they asked for.
 */
function vitest(suite) {
  const first = runSuite({ suite, args: passOn, root, scratch });
  const failing = first.filter(({ failed }) => failed > 0);
  const files = failing.map(({ file }) => file);
  if (passOn.length > 0 || files.length === 0 || files.length > MOST_FILES_AGAIN || files.includes("")) return first;
  console.log(`\n=== ${suite} once more, alone: ${files.join(" ")} ===`);
  const again = runSuite({ suite, args: ["--no-file-parallelism", ...files], root, scratch });
  const mended = failing.filter(({ file }) => again.some((row) => row.file === file && row.failed === 0));
  onlyAlone.push(...mended.flatMap(({ failures }) => failures));
  return [...first.filter(({ failed }) => failed === 0), ...again];
}

/** Foundry's own tests of the contracts, once for each Safe version; the tool prints the counts of each run. */
function foundry() {
  const { status, stdout } = spawnSync(process.execPath, ["contracts/tools/test.mjs"], {
    cwd: root,
    stdio: ["inherit", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout);
  const counts = [...stdout.matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped/g)].map((found) => found.slice(1).map(Number));
  const runs = counts.map(([passed, failed, skipped]) => ({ passed, failed, skipped, failures: [], whySkipped: [] }));
  const broke = status !== 0 && runs.every(({ failed }) => failed === 0);
  return broke ? [...runs, { passed: 0, failed: 1, skipped: 0, failures: [`contracts: it ended with ${status}`], whySkipped: [] }] : runs;
}
