import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";

/** The Node 24 that npm installed for this platform; the host's own only when it is as new. */
export function pinnedNode() {
  for (const name of [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    const path = join(root, "node_modules", name, "bin", "node");
    if (existsSync(path)) return { path, folder: dirname(path) };
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) return { path: process.execPath, folder: dirname(process.execPath) };
  console.error(`Interlock needs Node 24. npm has no pinned one for ${process.platform}-${process.arch}: install Node 24 and try again.`);
  process.exit(1);
}
