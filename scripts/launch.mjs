// Entry of every npm script. Runs on the host's Node (>= 20), sets everything up, then goes on with the pinned Node 24.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./lib/bootstrap.mjs";
import { commands, usage } from "./lib/commands.mjs";
import { root } from "./lib/paths.mjs";
import { pinnedNode } from "./lib/pinned-node.mjs";

const [name, ...args] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];
if (command === undefined) {
  console.error(usage());
  process.exit(name === undefined || name === "help" || name === "--help" ? 0 : 2);
}

bootstrap();
const node = pinnedNode();
for (const step of command.steps) {
  const ignoreSignals = () => {};
  // Ctrl-C reaches the child too; it ends itself, and we report how.
  process.on("SIGINT", ignoreSignals).on("SIGTERM", ignoreSignals);
  const [program, ...rest] = step(node, args);
  const result = spawnSync(program, rest, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${node.folder}:${process.env.PATH}` },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}
