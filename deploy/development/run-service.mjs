// Runs the service INTERLOCK_SERVICE and starts it again when a source file that `skaffold dev` brought has changed. The image itself stays
// read-only: sources arrive under /tmp/sync, are compiled beside it, and are loaded in place of the image's own (load-changed.mjs).
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, watch } from "node:fs";
import { join } from "node:path";

const SYNC = "/tmp/sync";
const SETTLE_MS = 150;
const service = process.env.INTERLOCK_SERVICE;
if (service === undefined) throw new Error("INTERLOCK_SERVICE: is required");
mkdirSync(join(SYNC, "services"), { recursive: true });

let child;
let stopping = false;
const changed = new Set();
let settle;

function start() {
  child = spawn(process.execPath, ["--import", "./development/load-changed.mjs", `dist/services/${service}/src/main.js`], {
    stdio: "inherit",
  });
  child.once("exit", (code) => {
    // A change that does not start leaves the pod waiting for the next one.
    if (stopping) process.exit(code ?? 1);
  });
}

async function end() {
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** What this service is made of: all pods get every change, and one that is not theirs costs them nothing. */
const isMine = (file) => file.endsWith(".ts") && (file.startsWith(`services/${service}/`) || file.startsWith("services/platform/"));

async function apply() {
  const files = [...changed].filter(isMine);
  changed.clear();
  if (files.length === 0) return;
  const { status } = spawnSync(process.execPath, ["development/compile-changed.mjs", ...files], { stdio: "inherit" });
  if (status !== 0) return;
  console.log(JSON.stringify({ level: "info", msg: "started again", files }));
  await end();
  start();
}

watch(SYNC, { recursive: true }, (_event, name) => {
  if (name === null) return;
  changed.add(name);
  clearTimeout(settle);
  settle = setTimeout(() => void apply(), SETTLE_MS);
});
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    stopping = true;
    child?.kill(signal);
  });
}
start();
