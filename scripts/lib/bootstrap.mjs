import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whileInstallingAlone } from "./install-lock.mjs";
import { root } from "./paths.mjs";
import { runStep } from "./run-step.mjs";

const stamp = join(root, "node_modules", ".interlock-installed");

/** Installs the locked dependencies unless they already are; says so, because the first time takes a minute. Exit status, 0 when they are there. */
export async function bootstrap() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    console.error(`Interlock needs Node 20 or newer to start; this is ${process.version}. See https://nodejs.org`);
    return 1;
  }
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (installed(wanted)) return 0;
  return whileInstallingAlone(() => (installed(wanted) ? 0 : install(wanted)));
}

const installed = (wanted) => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;

async function install(wanted) {
  console.log("Installing the locked dependencies (npm ci); the first time takes about a minute ...");
  const began = Date.now();
  const status = await runStep("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { shell: process.platform === "win32" });
  if (status !== 0) {
    // A signal that ended it needs no explanation.
    if (status < 128)
      console.error("npm ci failed. Is the npm registry reachable from here, and is the disk not full (1.2 GB are needed)?");
    return status;
  }
  writeFileSync(stamp, wanted);
  console.log(`Dependencies installed in ${Math.round((Date.now() - began) / 1000)} s.`);
  return 0;
}
