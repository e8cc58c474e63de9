import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { domainScores, sum } from "./mutation-report.js";
import { sampleFiles } from "./mutation-sample.js";

/** Least share of mutants, in percent, that the unit tests of every domain must catch. */
const BAR = 80;
/** The libraries of the platform that decide; they are judged like a service's domain. */
const LIBRARIES = ["limits", "session-policy"];
/** Lines a CI dose mutates, of files drawn by the seed: about as many mutants, and a minute or two. */
const CI_LINES = 150;

const options = {
  only: { type: "string" },
  dose: { type: "string", default: "full" },
  seed: { type: "string", default: "1" },
  concurrency: { type: "string" },
} as const;
const { values } = parseArgs({ options });
const only = values.only?.split(",") ?? [];
const sampled = values.dose === "ci" && only.length === 0 ? sampleFiles(Number(values.seed), CI_LINES) : [];

const files = only.map((name) =>
  LIBRARIES.includes(name) ? `services/platform/src/${name}/**/*.ts` : `services/${name}/src/domain/**/*.ts`,
);
const exclusions = ["spec", "builder", "recorded"].map((kind) => `!services/**/*.${kind}.ts`);
const chosen = [...files, ...sampled];
const mutate = chosen.length === 0 ? [] : ["--mutate", [...chosen, ...exclusions].join(",")];
const concurrency = values.concurrency === undefined ? [] : ["--concurrency", values.concurrency];
if (sampled.length > 0) console.log(`a sample by seed ${values.seed}:\n  ${sampled.join("\n  ")}`);

const stryker = [
  "node_modules/@stryker-mutator/core/bin/stryker.js",
  "run",
  "test/campaign/stryker.config.json",
  ...mutate,
  ...concurrency,
];
const { status } = spawnSync(process.execPath, stryker, { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const scores = domainScores(readFileSync("reports/mutation/mutation.json", "utf8"));
const shown = sampled.length > 0 ? [...scores, sum("the sample", scores)] : scores;
for (const { domain, caught, valid, score } of shown) {
  const verdict = score >= BAR || (sampled.length > 0 && domain !== "the sample") ? "" : `  below ${BAR} %`;
  console.log(`${domain.padEnd(16)} ${score.toFixed(1).padStart(5)} %  ${caught} of ${valid} mutants caught${verdict}`);
}
if (scores.length === 0) console.error(`nothing was mutated: no domain is called ${only.join(", ")}`);
// A few files of a domain say little of it: a sample is judged as a whole.
const judged = sampled.length > 0 ? shown.slice(-1) : scores;
process.exit(scores.length > 0 && judged.every(({ score }) => score >= BAR) ? 0 : 1);
