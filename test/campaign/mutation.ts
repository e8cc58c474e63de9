import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { domainScores } from "./mutation-report.js";

/** Least share of mutants, in percent, that the unit tests of every domain must catch. */
const BAR = 80;
/** The libraries of the platform that decide; they are judged like a service's domain. */
const LIBRARIES = ["limits", "session-policy"];
/** What a CI dose mutates: the two smallest domains, well under two minutes. */
const CI_DOMAINS = ["audit", "monitor"];

const { values } = parseArgs({ options: { only: { type: "string" }, dose: { type: "string", default: "full" } }, strict: false });
const only = typeof values.only === "string" ? values.only.split(",") : values.dose === "ci" ? CI_DOMAINS : [];

const files = only.map((name) =>
  LIBRARIES.includes(name) ? `services/platform/src/${name}/**/*.ts` : `services/${name}/src/domain/**/*.ts`,
);
const exclusions = ["spec", "builder", "recorded"].map((kind) => `!services/**/*.${kind}.ts`);
const mutate = files.length === 0 ? [] : ["--mutate", [...files, ...exclusions].join(",")];

const stryker = ["node_modules/@stryker-mutator/core/bin/stryker.js", "run", "test/campaign/stryker.config.json", ...mutate];
const { status } = spawnSync(process.execPath, stryker, { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const scores = domainScores(readFileSync("reports/mutation/mutation.json", "utf8"));
for (const { domain, caught, valid, score } of scores) {
  const verdict = score >= BAR ? "" : `  below ${BAR} %`;
  console.log(`${domain.padEnd(16)} ${score.toFixed(1).padStart(5)} %  ${caught} of ${valid} mutants caught${verdict}`);
}
if (scores.length === 0) console.error(`nothing was mutated: no domain is called ${only.join(", ")}`);
process.exit(scores.length > 0 && scores.every(({ score }) => score >= BAR) ? 0 : 1);
