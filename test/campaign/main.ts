import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "../support/run-program.js";
import { CAMPAIGNS } from "./campaigns.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [name, ...args] = process.argv.slice(2);
const campaign = name === undefined ? undefined : CAMPAIGNS[name];
if (campaign === undefined) {
  const lines = Object.entries(CAMPAIGNS).map(([key, { about }]) => `  ${key.padEnd(14)} ${about}`);
  console.log(`usage: npm run campaign -- NAME [--seed N] [--dose ci|full] [--only PART,...] [--ledger FILE]\n\n${lines.join("\n")}`);
  process.exit(name === undefined || name === "--help" ? 0 : 2);
}

const option = (flag: string) => {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args[at + 1];
};
const seed = option("--seed") ?? String(Math.floor(Math.random() * 2 ** 31));
const dose = option("--dose") ?? "full";
if (dose !== "ci" && dose !== "full") {
  console.error(`--dose must be ci or full, saw ${dose}`);
  process.exit(2);
}
console.log(`campaign ${name}, dose ${dose}, seed ${seed} (repeat with: npm run campaign -- ${name} --seed ${seed})`);
const [program, ...rest] = campaign.command({ root, seed, dose, only: option("--only"), ledger: option("--ledger") });
if (!existsSync(root)) throw new Error("the repository's folder is gone");
const env = { ...process.env, INTERLOCK_SEED: seed, ...campaign.environment(dose) };
process.exit(await runCommand(program, rest, { cwd: root, env }));
