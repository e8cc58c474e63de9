// One vitest project run to its end, and its report as counts per file.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Runs a project; `args` are passed on to vitest. Answers one row per file: {file, passed, failed, skipped, failures: [text], whySkipped: [text]}.
 * A file that broke before its first test counts as one failure; so does a run without a report, or one that vitest itself calls failed.
 */
export function runSuite({ suite, args, root, scratch }) {
  const report = join(scratch, `${suite}.json`);
  const reporting = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const program = ["node_modules/vitest/vitest.mjs", "run", "--project", suite, "--passWithNoTests", ...reporting, ...args];
  // What a killed process could not take away with it (tests kill many) goes with the scratch folder.
  const { status } = spawnSync(process.execPath, program, { cwd: root, stdio: "inherit", env: { ...process.env, TMPDIR: scratch } });
  const rows = readReport(report)?.testResults.map((one) => rowOf(suite, relative(root, one.name), one));
  if (rows === undefined) return [broken(suite, "it ended without a report")];
  if (status !== 0 && rows.every(({ failed }) => failed === 0))
    return [...rows, broken(suite, `it ended with ${status} though no test failed`)];
  return rows;
}

function rowOf(suite, file, { status, message, assertionResults }) {
  const of = (...states) => assertionResults.filter((one) => states.includes(one.status));
  const failures = of("failed").map((one) => `${file}: ${one.fullName.trim()}: ${firstLine(one.failureMessages.join("\n"))}`);
  if (status === "failed" && failures.length === 0) failures.push(`${file}: ${firstLine(message)}`);
  const without = of("skipped", "pending", "todo");
  const whySkipped = without.map(
    ({ fullName, meta }) => `${suite}: ${fullName.trim()}: ${meta?.whySkipped ?? "its file does not say why"}`,
  );
  return { file, passed: of("passed").length, failed: failures.length, skipped: without.length, failures, whySkipped };
}

const broken = (suite, why) => ({ file: "", passed: 0, failed: 1, skipped: 0, failures: [`${suite}: ${why}`], whySkipped: [] });
const firstLine = (text) => text.trim().split("\n")[0];

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (why) {
    console.error(`no report of the suite can be read: ${why.message}`);
    return undefined;
  }
}
