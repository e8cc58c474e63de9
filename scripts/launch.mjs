// Entry of every npm script. Runs on the host's Node (>= 20), sets everything up, then goes on with the pinned Node 24.
import { spawn } from "node:child_process";
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
  const [program, ...rest] = step(node, args);
  const child = spawn(program, rest, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${node.folder}:${process.env.PATH}` },
  });
  // Ctrl-C reaches the child too; it ends itself, and we report how. What is sent to us alone is passed on.
  const pass = (signal) => child.kill(signal);
  const ignore = () => {};
  process.on("SIGINT", ignore).on("SIGTERM", pass).on("SIGHUP", pass);
  const status = await new Promise((resolve, reject) => child.once("error", reject).once("close", (code) => resolve(code ?? 1)));
  process.off("SIGINT", ignore).off("SIGTERM", pass).off("SIGHUP", pass);
  if (status !== 0) process.exit(status);
}
