// Compiles src/ with every mutant built in. The sources on disk are never touched.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolveSource, settings } from "../compile.mjs";
import { sourcePaths } from "../production.mjs";
import { SWITCH_LIBRARY } from "./schemata.mjs";

const require = createRequire(import.meta.url);

/** Compiles all of src/ with `texts` (path -> text) in place of the files on disk; throws with solc's messages. */
export function compileMutants(texts) {
  const solc = require("solc");
  const read = (path) => texts.get(path) ?? (path === "src/Alive.sol" ? SWITCH_LIBRARY : readFileSync(resolveSource(path), "utf8"));
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(sourcePaths().map((path) => [path, { content: read(path) }])),
    settings: { ...settings, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const findImport = (path) => {
    try {
      return { contents: read(path) };
    } catch (cause) {
      return { error: `cannot read ${path}: ${cause.message}` };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
  const errors = (output.errors ?? []).filter((problem) => problem.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((problem) => problem.formattedMessage).join("\n"));
  return output.contracts;
}
