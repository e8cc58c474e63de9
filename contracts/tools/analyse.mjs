// Static analysis: slither (PyPI, slither-analyzer 0.11.6) over every contract that is deployed, compiled by the npm solc as production is. Its results
// are counted by detector and compared with the table of docs/security/contracts-analysis.md, where each is judged: what is new there fails.
// usage: node contracts/tools/analyse.mjs (wants `slither` on the PATH)
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contractsRoot, standardInput } from "./compile.mjs";

const DEPLOYED = [
  "src/SessionModule.sol",
  "src/registry/PolicyRegistry.sol",
  "src/registry/MetavaultRegistry.sol",
  "src/adapters/VaultAdapter.sol",
  "src/adapters/SwapAdapter.sol",
  "src/adapters/GmxAdapter.sol",
  "src/audit/AuditAnchor.sol",
];
const DOCUMENT = join(contractsRoot, "../docs/security/contracts-analysis.md");

const folder = mkdtempSync(join(tmpdir(), "interlock-slither-"));
try {
  const found = count(analyse(folder));
  const judged = readJudged();
  for (const detector of new Set([...found.keys(), ...judged.keys()])) {
    const [seen, expected] = [found.get(detector) ?? 0, judged.get(detector) ?? 0];
    console.log(
      `${detector.padEnd(24)} ${String(seen).padStart(3)}  ${seen === expected ? "judged" : `NOT JUDGED: the document has ${expected}`}`,
    );
    if (seen !== expected) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Slither's results, each with the detector and the place it speaks of. It reads standard JSON whose sources also lie in the working folder. */
function analyse(cwd) {
  const input = standardInput(DEPLOYED);
  const files = ["abi", "metadata", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers"];
  input.settings.outputSelection = { "*": { "*": files, "": ["ast"] } };
  for (const [path, { content }] of Object.entries(input.sources)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  writeFileSync(join(cwd, "input.json"), JSON.stringify(input));
  const solc = join(contractsRoot, "tools", "solc-shim.mjs");
  const kinds = ["--exclude-informational", "--exclude-optimization"];
  const options = ["--solc", solc, "--compile-force-framework", "solc-json", ...kinds, "--json", "results.json"];
  const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  const { error, stderr } = spawnSync("slither", ["input.json", ...options], { cwd, env: { ...process.env, PATH }, encoding: "utf8" });
  if (error !== undefined) throw new Error(`cannot start slither: ${error.message} (pip install slither-analyzer==0.11.6)`);
  console.log(stderr.trim().split("\n").at(-1));
  const { success, error: fault, results } = JSON.parse(readFileSync(join(cwd, "results.json"), "utf8"));
  if (!success) throw new Error(`slither failed: ${fault}`);
  return results.detectors ?? [];
}

/** Results by detector; those in a dependency's own code are counted apart, under its name. */
function count(results) {
  const counts = new Map();
  for (const { check, first_markdown_element: place } of results) {
    const name = place.startsWith("@openzeppelin") ? `${check} (OpenZeppelin)` : check;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The document's rows: detector and how many results were judged. */
function readJudged() {
  const text = readFileSync(DOCUMENT, "utf8");
  const table = text.slice(text.indexOf("| detector |"));
  return new Map([...table.matchAll(/^\| ([\w()\- ]+) \| (\d+) \|/gm)].map(([, detector, results]) => [detector, Number(results)]));
}
