// Leaves in the compiled output only code: no maps, no declarations.
// usage: node prune-compiled.mjs dist
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("usage: node prune-compiled.mjs FOLDER");
for (const name of readdirSync(root, { recursive: true })) {
  if (/\.(map|d\.ts|tsbuildinfo)$/.test(name)) rmSync(join(root, name));
}
