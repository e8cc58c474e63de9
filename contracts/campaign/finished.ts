import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figures } from "./figures.js";

/** The parts that held in an earlier run, kept in a file so that an interrupted campaign goes on where it stopped. */
export interface Finished {
  /** What the part counted; nothing when it has not held on these very sources. */
  figures(part: string): Figures | undefined;
  note(part: string, figures: Figures): void;
}

/** Whatever changes what a part shows: the contracts, what plays them, and what they are compared with. */
const SOURCES: readonly string[] = ["src/**/*.sol", "test/{invariant,oracle,support}/*.sol", "oracle/**/*.ts"];

/** Comments show nothing and change nothing. */
function codeOf(path: string): string {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => !/^\s*(\/\/|\/\*|\*|$)/.test(line)).join("\n");
}

function hashOf(folder: string, patterns: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of globSync(patterns, { cwd: folder }).sort()) hash.update(path).update(codeOf(join(folder, path)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * @param file one JSON object a line: sources, part, figures; no file keeps nothing
 * @param folder where the sources are: by default those of the contracts, in their folder
 */
export function openFinished(file: string | undefined, folder: string, patterns: readonly string[] = SOURCES): Finished {
  const sources = hashOf(folder, patterns);
  const parts = new Map<string, Figures>();
  if (file !== undefined && existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const entry: { sources: string; part: string; figures: Figures } = JSON.parse(line);
      if (entry.sources === sources) parts.set(entry.part, entry.figures);
    }
  }
  return {
    figures: (part) => parts.get(part),
    note(part, figures) {
      if (file !== undefined) appendFileSync(file, `${JSON.stringify({ sources, part, figures })}\n`);
    },
  };
}
