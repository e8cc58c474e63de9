// Production bytecode for the tests: every contract of src/, compiled exactly as build.mjs compiles it, kept until a source changes.
// Tests themselves are compiled without optimiser (seconds instead of minutes) and deploy these bytes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, contractsRoot, settings } from "./compile.mjs";

export const productionFolder = join(contractsRoot, "cache", "production");

/** Paths of every Solidity file of src/, relative to contracts/. */
export function sourcePaths() {
  const entries = readdirSync(join(contractsRoot, "src"), { recursive: true, encoding: "utf8" });
  return entries
    .filter((entry) => entry.endsWith(".sol"))
    .map((entry) => `src/${entry}`)
    .sort();
}

/** Writes `<name>.json` with the creation and runtime code of each deployable contract of `contracts` (solc's output) into `folder`. */
export function writeArtifacts(contracts, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [path, byName] of Object.entries(contracts)) {
    if (!path.startsWith("src/")) continue;
    for (const [name, { abi, evm }] of Object.entries(byName)) {
      if (evm.bytecode.object === "") continue;
      const { object, immutableReferences } = evm.deployedBytecode ?? { object: "" };
      const artifact = {
        abi,
        bytecode: { object: `0x${evm.bytecode.object}` },
        deployedBytecode: { object: `0x${object}`, immutableReferences },
      };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(artifact));
    }
  }
}

/** What the compiler made of contract `name`, as `ensureProduction` left it. */
export const readArtifact = (name) => JSON.parse(readFileSync(join(productionFolder, `${name}.json`), "utf8"));

/** Compiles src/ unless the artifacts on disk are of these very sources and settings. */
export function ensureProduction() {
  const paths = sourcePaths();
  const hash = createHash("sha256").update(JSON.stringify(settings)).update(writeArtifacts.toString());
  for (const path of paths) hash.update(path).update(readFileSync(join(contractsRoot, path)));
  const stamp = join(productionFolder, "stamp");
  const current = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  writeArtifacts(compile(paths), productionFolder);
  writeFileSync(stamp, current);
}
