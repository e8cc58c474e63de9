// Entry of every npm script. Runs on the host's Node (>= 20), sets everything up, then goes on with the pinned Node 24.
import { bootstrap } from "./lib/bootstrap.mjs";
import { commands, usage, usageOf } from "./lib/commands.mjs";
import { pinnedNode } from "./lib/pinned-node.mjs";
import { runStep } from "./lib/run-step.mjs";

const [name, ...args] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];
if (command === undefined) {
  console.error(usage());
  process.exit(name === undefined || name === "help" || name === "--help" ? 0 : 2);
}
if (command.options !== undefined && (args.includes("--help") || args.includes("-h"))) {
  console.log(usageOf(name));
  process.exit(0);
}

const ready = await bootstrap();
if (ready !== 0) process.exit(ready);
const node = pinnedNode();
for (const step of command.steps) {
  const [program, ...rest] = step(node, args);
  const status = await runStep(program, rest, { env: { ...process.env, PATH: `${node.folder}:${process.env.PATH}` } });
  if (status !== 0) process.exit(status);
}
