// Compiles Solidity with npm's solc: no download, no forge. Shared by build.mjs and its drift check.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
export const contractsRoot = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Production settings. No metadata trailer: bytecode is a function of the source alone, so addresses do not move with a comment. */
export const settings = {
  evmVersion: "cancun",
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
  remappings: ["@openzeppelin/contracts/=@openzeppelin/contracts/"],
};

/** A folder is either in this repository or, for `@openzeppelin/...`, an npm package found by Node's own lookup. */
export function resolveSource(path) {
  const own = join(contractsRoot, path);
  if (existsSync(own)) return own;
  const [scope, name, ...rest] = path.split("/");
  return join(dirname(require.resolve(`${scope}/${name}/package.json`)), ...rest);
}

/**
 * Compiles source files (paths relative to contracts/) and returns solc's `contracts` output.
 * Throws with solc's own messages when there is an error or a warning.
 */
export function compile(paths) {
  const solc = require("solc");
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(paths.map((path) => [path, { content: readFileSync(resolveSource(path), "utf8") }])),
    settings: {
      ...settings,
      outputSelection: {
        "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"] },
      },
    },
  };
  const findImport = (path) => {
    try {
      return { contents: readFileSync(resolveSource(path), "utf8") };
    } catch (cause) {
      return { error: `cannot read ${path}: ${cause.message}` };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
  const problems = (output.errors ?? []).filter((problem) => problem.severity !== "info");
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.formattedMessage).join("\n"));
  return output.contracts;
}

/** The sources of `paths` and of everything they import, by solc's name for each: what a block explorer needs to verify. */
function withImports(paths, sources = {}) {
  for (const path of paths) {
    if (sources[path] !== undefined) continue;
    const content = readFileSync(resolveSource(path), "utf8");
    sources[path] = { content };
    const imported = [...content.matchAll(/^import\s[^"]*"([^"]+)"/gm)].map(([, name]) => name);
    const named = imported.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : name));
    withImports(named, sources);
  }
  return sources;
}

/** The compiler's standard JSON input with every source in it. Its compiler is solc 0.8.30. */
export function standardInput(paths) {
  const sources = Object.fromEntries(Object.entries(withImports(paths)).sort(([a], [b]) => (a < b ? -1 : 1)));
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } };
  return { language: "Solidity", sources, settings: { ...settings, outputSelection } };
}
