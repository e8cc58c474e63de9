// Runs the test suites one after the other and adds up what they say.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const everything = ["unit", "contracts", "integration", "contract", "e2e"];
const known = [...everything, "chaos", "charts", "cluster"];
const args = process.argv.slice(2);
const chosen = args.filter((arg) => known.includes(arg));
const passOn = args.filter((arg) => !known.includes(arg));
const suites = chosen.length > 0 ? chosen : everything;
const scratch = mkdtempSync(join(tmpdir(), "interlock-tests-"));
const whySkipped = [];
const total = { passed: 0, failed: 0, skipped: 0 };

for (const [index, suite] of suites.entries()) {
  console.log(`\n=== ${suite} (${index + 1} of ${suites.length}) ===`);
  const count = suite === "contracts" ? foundry() : vitest(suite);
  for (const key of Object.keys(total)) total[key] += count[key];
}
rmSync(scratch, { recursive: true, force: true });
if (whySkipped.length > 0) console.log(`\nSkipped, and how to run it:\n${whySkipped.map((one) => `  - ${one}`).join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function vitest(suite) {
  const report = join(scratch, `${suite}.json`);
  const program = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    suite,
    "--passWithNoTests",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync(process.execPath, [...program, ...passOn], { cwd: root, stdio: "inherit" });
  const said = readReport(report);
  if (said === undefined) return { passed: 0, failed: 1, skipped: 0 };
  for (const { assertionResults } of said.testResults) {
    for (const { status: of, fullName, meta } of assertionResults) {
      const why = meta?.whySkipped ?? "its file does not say why";
      if (of === "skipped" || of === "pending") whySkipped.push(`${suite}: ${fullName.trim()}: ${why}`);
    }
  }
  const failedSuites = said.testResults.filter(
    ({ status: of, assertionResults }) => of === "failed" && assertionResults.every((one) => one.status !== "failed"),
  ).length;
  const failed = said.numFailedTests + failedSuites;
  return {
    passed: said.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: said.numPendingTests + said.numTodoTests,
  };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error("the suite ended without a report");
    return undefined;
  }
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
  const sums = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, skipped] of stdout.matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped/g)) {
    sums.passed += Number(passed);
    sums.failed += Number(failed);
    sums.skipped += Number(skipped);
  }
  return status !== 0 && sums.failed === 0 ? { ...sums, failed: 1 } : sums;
}
