// What a campaign has found so far, kept in a file: an interrupted run goes on where it stopped. A line counts for as long as the code of the mutated
// source is what it was found on, whatever its comments say; what was killed stays killed, since tests only get stronger, and a survivor is tried again.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contractsRoot } from "../compile.mjs";

const sources = new Map();

/** The lines of a source without comments: which of them a line of the file is, and a hash of them all. */
function codeOf(path) {
  if (!sources.has(path)) {
    const lines = readFileSync(join(contractsRoot, path), "utf8")
      .split("\n")
      .map((line) => line.replace(/\s*\/\/.*$/, ""));
    const code = lines.filter((line) => line.trim() !== "").join("\n");
    const places = lines.map((_, index) => lines.slice(0, index).filter((line) => line.trim() !== "").length);
    sources.set(path, { places, hash: createHash("sha256").update(code).digest("hex").slice(0, 16) });
  }
  return sources.get(path);
}

function nameOf({ path, line, operator, after }) {
  const { places, hash } = codeOf(path);
  return JSON.stringify([path, hash, places[line - 1], operator, after]);
}

/**
 * @param file where results are kept, one JSON object a line; "" keeps none
 * @returns `isKilled(mutant)` by what an earlier run found, and `note(mutant, killed)`
 */
export function openLedger(file) {
  const killed = new Set();
  if (file !== "" && existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const entry = JSON.parse(line);
      if (entry.killed) killed.add(entry.mutant);
    }
  }
  return {
    isKilled: (mutant) => killed.has(nameOf(mutant)),
    note(mutant, isKilled) {
      if (file !== "") appendFileSync(file, `${JSON.stringify({ mutant: nameOf(mutant), killed: isKilled })}\n`);
    },
  };
}
