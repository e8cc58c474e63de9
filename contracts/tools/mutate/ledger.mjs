// What a campaign has found so far, kept in a file: an interrupted run goes on where it stopped. A line counts for as long as the mutated
// source is the one it was found on; what was killed stays killed, since tests only get stronger, and a survivor is tried again.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contractsRoot } from "../compile.mjs";

const sources = new Map();

function hashOf(path) {
  if (!sources.has(path)) {
    const text = readFileSync(join(contractsRoot, path));
    sources.set(path, createHash("sha256").update(text).digest("hex").slice(0, 16));
  }
  return sources.get(path);
}

const nameOf = ({ path, line, operator, after }) => JSON.stringify([path, hashOf(path), line, operator, after]);

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
