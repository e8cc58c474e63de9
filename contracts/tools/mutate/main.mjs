// Mutation testing of the enforcement code: every mutant is built into one copy of the bytecode, chosen at run time, and must make a test fail.
// usage: node contracts/tools/mutate/main.mjs [--dose ci|full] [--seed N] [--only REGEXP-OF-PATH] [--concurrency N] [--ledger FILE]
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { contractsRoot } from "../compile.mjs";
import { forge, forgeBinary } from "../forge.mjs";
import { writeArtifacts } from "../production.mjs";
import { compileMutants } from "./compile-mutants.mjs";
import { coveringTests } from "./covering.mjs";
import { EQUIVALENT } from "./equivalent.mjs";
import { generateMutants, readLines } from "./generate.mjs";
import { openLedger } from "./ledger.mjs";
import { buildSchemata } from "./schemata.mjs";

const { values } = parseArgs({
  options: {
    dose: { type: "string", default: "full" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    concurrency: { type: "string", default: "2" },
    ledger: { type: "string", default: "" },
  },
  strict: false,
});
/** Mutants of a CI dose. */
const CI_DOSE = 60;
const CODE = "cache/mutants";
const QUICK = ["--no-match-path", "test/{oracle,invariant}/*", "--no-match-test", "testFuzz", "--fail-fast"];
const THOROUGH = ["--match-path", "test/{Operations.t.sol,invariant/*,attacks/RawCalldata*}", "--fail-fast"];

/** Sequences of the differential oracle, for mutants that the tests leave alive. */
const SEQUENCES = 200;
const REPLAY = ["--match-path", "test/oracle/Replay.t.sol", "--gas-limit", "18446744073709551615", "--memory-limit", "1073741824"];
const REPLAYED = "cache/mutants/sequences";

const every = generateMutants();
const wanted = every.filter(({ path }) => new RegExp(String(values.only)).test(path));
const texts = new Map();
const fitting = new Set();
for (const path of new Set(wanted.map((mutant) => mutant.path))) {
  const { lines, inside } = readLines(path);
  const { text, built } = buildSchemata(
    lines,
    inside,
    wanted.filter((mutant) => mutant.path === path),
  );
  texts.set(path, text);
  for (const id of built) fitting.add(id);
}
rmSync(join(contractsRoot, CODE), { recursive: true, force: true });
mkdirSync(join(contractsRoot, CODE), { recursive: true });
writeArtifacts(compileMutants(texts), join(contractsRoot, CODE));
console.log(`${wanted.length} mutants, ${fitting.size} of them built in`);

const oracle = join(contractsRoot, "../dist/contracts/oracle/main.js");
const written = spawnSync(process.execPath, [oracle, "--sequences", String(SEQUENCES), "--write", join(contractsRoot, REPLAYED)], {
  stdio: "inherit",
});
if (written.status !== 0) throw new Error("the oracle wrote no sequences (npm run build first)");

/** Workers that shared forge's cache would each throw away what the other compiled. */
const environment = (id, worker = 0) => ({
  FOUNDRY_CACHE_PATH: `cache/worker-${worker}`,
  INTERLOCK_SOLC_MEMO: "cache/solc-memo",
  // Remappings are written down: looking for more in all of node_modules costs half a second a run.
  FOUNDRY_LIBS: "[]",
  FOUNDRY_OUT: `cache/worker-${worker}/out`,
  INTERLOCK_SEQUENCES: REPLAYED,
  INTERLOCK_SEQUENCE_COUNT: String(SEQUENCES),
  INTERLOCK_CODE: CODE,
  INTERLOCK_MUTANT: String(id),
  FOUNDRY_FUZZ_RUNS: "24",
});
const unmutated = forge(["test", ...QUICK], { environment: environment(0), quiet: true });
if (unmutated.status !== 0) throw new Error(`the tests fail with no mutant alive:\n${unmutated.stdout}${unmutated.stderr}`);

const proven = (mutant) =>
  EQUIVALENT.find((one) => mutant.path.endsWith(one.file) && one.before === mutant.before && one.after === mutant.after);
const candidates = wanted.filter(({ id }) => fitting.has(id));
const unbuilt = wanted.filter(({ id }) => !fitting.has(id));
const stale = EQUIVALENT.filter((one) => !every.some((mutant) => proven(mutant) === one));
// Shuffled in a full dose too: what has been tested at any moment is a fair sample.
const chosen = shuffle(candidates, Number(values.seed)).slice(0, values.dose === "ci" ? CI_DOSE : candidates.length);
const tested = chosen.filter((mutant) => proven(mutant) === undefined);
const ledger = openLedger(String(values.ledger));
const survivors = [];
const queue = tested.filter((mutant) => !ledger.isKilled(mutant));
console.log(`${tested.length} to kill, ${tested.length - queue.length} of them killed in an earlier run`);
await Promise.all(Array.from({ length: Number(values.concurrency) }, (_, worker) => work(worker)));

for (const { path, line, operator, before, after } of survivors)
  console.log(`SURVIVED ${path}:${line} ${operator}\n  - ${before}\n  + ${after}`);
for (const { file, before } of stale) console.log(`STALE: a mutant said to be equivalent is no longer made: ${file}: ${before}`);
for (const { path, line, operator } of unbuilt) console.log(`UNTRIED ${path}:${line} ${operator}: schemata.mjs cannot build it in`);
const equivalent = chosen.length - tested.length;
const killed = tested.length - survivors.length;
console.log(
  `seed ${values.seed}: ${chosen.length + unbuilt.length} of ${wanted.length} mutants: ${killed} killed, ${equivalent} proven equivalent (tools/mutate/equivalent.mjs), ` +
    `${survivors.length} alive, ${unbuilt.length} untried`,
);
const bad = survivors.length + stale.length + unbuilt.length;
console.log(`${killed} passed, ${bad} failed, 0 skipped`);
process.exitCode = bad === 0 && tested.length > 0 ? 0 : 1;

async function work(worker) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const killed = await isKilled(mutant, worker);
    if (!killed) survivors.push(mutant);
    ledger.note(mutant, killed);
    console.log(`${killed ? "killed  " : "SURVIVED"} ${mutant.id} ${mutant.path}:${mutant.line} ${mutant.operator}`);
  }
}

async function isKilled(mutant, worker) {
  for (const selection of [coveringTests(mutant.path), QUICK, REPLAY, THOROUGH]) {
    if (await fails(mutant, selection, worker)) return true;
  }
  return false;
}

/** Whether a test fails while `mutant` is alive. Anything but a failed test is an error of the campaign. */
function fails(mutant, selection, worker) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  const child = spawn(forgeBinary, ["test", ...selection], {
    cwd: contractsRoot,
    env: { ...process.env, PATH, ...environment(mutant.id, worker) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  child.on("error", reject);
  child.on("close", (status) => {
    if (status === 0) resolve(false);
    else if (said.includes("[FAIL")) resolve(true);
    else reject(new Error(`forge failed without a failing test, mutant ${mutant.id}:\n${said}`));
  });
  return promise;
}

/** Fisher and Yates, by a small generator of its own so that a seed names a dose. */
function shuffle(items, seed) {
  const shuffled = [...items];
  let state = seed >>> 0;
  for (let at = shuffled.length - 1; at > 0; --at) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (at + 1);
    [shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]];
  }
  return shuffled;
}
