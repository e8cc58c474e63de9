import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { openFinished } from "../../contracts/campaign/finished.js";
import { testCounts } from "./vault/test-counts.js";
import { VAULT_PARTS, type VaultPart } from "./vault/vault-parts.js";

/**
 * The vault attacked in full, part by part, each with its count of the issue's.
 * usage: vault.js [--only PART,...] [--ledger FILE: a later run with the same file, on the same sources, goes on where this one stops]
 */
const { values } = parseArgs({ options: { only: { type: "string" }, ledger: { type: "string" } } });
const root = fileURLToPath(new URL("../../../", import.meta.url));
const chosen = values.only?.split(",");
const unknown = chosen?.filter((name) => !VAULT_PARTS.some((part) => part.name === name)) ?? [];
if (unknown.length > 0) throw new Error(`--only: ${unknown.join(", ")}: must be of ${VAULT_PARTS.map(({ name }) => name).join(", ")}`);
const parts = VAULT_PARTS.filter(({ name }) => chosen?.includes(name) ?? true);
const finished = openFinished(values.ledger, root, [
  "services/{vault,platform}/src/**/*.ts",
  "services/vault/test/**/*.ts",
  "test/campaign/vault/*.ts",
]);

const lines: string[] = [];
let [passed, failed] = [0, 0];
for (const part of parts) {
  const earlier = finished.figures(part.name);
  const { counts, seconds, held } = earlier === undefined ? await attempt(part) : { counts: earlier, seconds: earlier.seconds, held: true };
  passed += counts.passed ?? 0;
  failed += held ? 0 : Math.max(1, counts.failed ?? 0);
  lines.push(
    `${held ? "holds " : "FAILED"} ${part.name.padEnd(12)} ${String(counts.passed ?? 0).padStart(5)} tests ${seconds} s  ${part.about}`,
  );
  if (held && earlier === undefined) finished.note(part.name, { ...counts, seconds: seconds ?? 0 });
}
console.log(`\n${lines.join("\n")}\n${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed === 0 ? 0 : 1;

async function attempt(part: VaultPart) {
  const started = performance.now();
  console.log(`--- ${part.name}: ${part.about}`);
  const { status, output } = await run(part);
  const counts = testCounts(output);
  const held = status === 0 && (counts.skipped ?? 0) === 0 && (counts.passed ?? 0) > 0;
  return { counts, held, seconds: Math.round((performance.now() - started) / 1_000) };
}

/** Runs a part's tests; what they print is shown and returned. */
function run({ tests, environment }: VaultPart): Promise<{ status: number; output: string }> {
  const args = ["node_modules/vitest/vitest.mjs", "run", ...tests];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ status: code ?? 1, output: stripVTControlCharacters(output) }));
  });
}
