import { globSync, readFileSync } from "node:fs";
import { seededNumbers } from "../support/seeded-numbers.js";

const MUTATED = ["services/*/src/domain/**/*.ts", "services/platform/src/{limits,session-policy}/**/*.ts"];
const NOT_MUTATED = /\.(spec|builder|recorded)\.ts$/;

/** Files drawn at random by `seed` until they have at least `lines` lines together; the same ones for the same seed and the same tree. */
export function sampleFiles(seed: number, lines: number): readonly string[] {
  const left = globSync(MUTATED)
    .filter((path) => !NOT_MUTATED.test(path))
    .toSorted();
  const below = seededNumbers(seed);
  const drawn: string[] = [];
  for (let sum = 0; sum < lines && left.length > 0; ) {
    const [file] = left.splice(below(left.length), 1);
    if (file === undefined) break;
    drawn.push(file);
    sum += readFileSync(file, "utf8").split("\n").length;
  }
  return drawn.toSorted();
}
