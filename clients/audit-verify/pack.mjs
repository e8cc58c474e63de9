// Makes the package people run with npx: the compiled verifier and the part of the platform it needs, nothing else.
// usage, on the build: node clients/audit-verify/pack.mjs FOLDER; then npm pack or npx FOLDER
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error("usage: node clients/audit-verify/pack.mjs FOLDER");
  process.exit(2);
}
const root = fileURLToPath(new URL("../../", import.meta.url));
const isProgram = (path) => !/\.(spec\.js|map|d\.ts)$/.test(path) && !path.includes(".spec.");
const copy = (from, to) => cpSync(join(root, from), join(target, to), { recursive: true, filter: isProgram });
copy("dist/clients/audit-verify/src", "src");
copy("dist/services/platform/src/transparency-log", "platform/transparency-log");
copy("clients/audit-verify/README.md", "README.md");
copy("LICENSE", "LICENSE");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const manifest = {
  name: "@interlock/audit-verify",
  version,
  description: "Checks the audit log of Interlock, offline",
  license: "Apache-2.0",
  type: "module",
  engines: { node: ">=20.15" },
  bin: { "audit-verify": "src/main.js" },
  imports: { "#platform/*": "./platform/*" },
};
writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
