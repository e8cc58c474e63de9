import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "./paths.mjs";

const folder = join(root, ".local");
const lock = join(folder, "installing");

/** Does the work while no other command installs in this folder: two installations at once spoil each other. */
export async function whileInstallingAlone(work) {
  let told;
  while (!taken()) {
    const other = holder();
    if (other !== undefined && other !== told) {
      console.log(`Process ${other} is installing the dependencies here; waiting for it (if it is not: remove .local/installing) ...`);
      told = other;
    }
    await pause(500);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock, or clears away one whose holder is dead. A link appears with its content, so nobody reads a half-written one. */
function taken() {
  const own = `${lock}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const other = holder();
    if (other !== undefined && !lives(other)) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that holds the lock, if one does. */
function holder() {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
