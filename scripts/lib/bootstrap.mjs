import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const stamp = join(root, "node_modules", ".interlock-installed");

/** Installs the locked dependencies unless they already are; says so, because the first time takes a minute. */
export function bootstrap() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    console.error(`Interlock needs Node 20 or newer to start; this is ${process.version}. See https://nodejs.org`);
    process.exit(1);
  }
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing the locked dependencies (npm ci); the first time takes about a minute ...");
  const began = Date.now();
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (result.error || result.status !== 0) {
    console.error("npm ci failed. Is the npm registry reachable from here, and is the disk not full (1.2 GB are needed)?");
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, wanted);
  console.log(`Dependencies installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}
