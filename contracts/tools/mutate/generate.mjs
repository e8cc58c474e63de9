// Finds every mutant of the enforcement code, from the sources as they stand: nothing here has to follow a change of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contractsRoot } from "../compile.mjs";
import { sourcePaths } from "../production.mjs";
import { operators } from "./operators.mjs";

/** What has no behaviour of its own. */
const WITHOUT_BEHAVIOUR = /(Errors|Events|Operations)\.sol$|\/interfaces\/|\/types\/|src\/SessionModule\.sol$/;
const NO_CODE = /^\s*(\/\/|\*|import |pragma |using |emit |event |error |abstract |contract |library |for \(|unchecked|assembly )/;

/** Mutants of one operator on one line: a packing of ten fields is not shown better by ten shifts than by one. */
const MOST_PER_LINE = 1;

/** The part of a line that is code. */
function code(line) {
  const comment = line.search(/\/\/(?!\/)/);
  return comment === -1 ? line : line.slice(0, comment).trimEnd();
}

/** Which lines are inside assembly blocks. */
function assemblyLines(lines) {
  let depth = 0;
  return lines.map((line) => {
    if (depth === 0 && !/^\s*assembly\b/.test(line)) return false;
    depth += (line.match(/\{/g) ?? []).length - (line.match(/\}/g) ?? []).length;
    return true;
  });
}

function mutantsOfLine(path, lines, index, inside) {
  const line = lines[index];
  if (NO_CODE.test(line) || line.trim() === "") return [];
  const fitting = operators.filter((operator) => (operator.assembly === true) === inside);
  return fitting.flatMap(({ name, apply }) =>
    apply(code(line))
      .slice(0, MOST_PER_LINE)
      .map((mutated) => ({
        path,
        line: index + 1,
        operator: name,
        before: line.trim(),
        after: mutated.trim(),
      })),
  );
}

/** A statement that goes on over several lines: a constant, a returned sum, a tuple. */
const STARTS_LONG = /^\s*(\w+ (private|internal|public) constant .*[=(]|return [^;{]*|\(.*\) =)$/;

/** The same text with each long statement on its first line; the others stay, empty, so that numbers mean what they mean on disk. */
function joinStatements(lines) {
  const joined = [...lines];
  for (let first = 0; first < joined.length; ++first) {
    if (!STARTS_LONG.test(joined[first])) continue;
    for (let next = first + 1; next < joined.length && !joined[first].endsWith(";"); ++next) {
      joined[first] += ` ${code(joined[next]).trim()}`;
      joined[next] = "";
    }
    joined[first] = joined[first].replaceAll(/(?<=\() | (?=\))/g, "");
  }
  return joined;
}

/** Lines of a source file, and which of them are assembly. */
export function readLines(path) {
  const lines = joinStatements(readFileSync(join(contractsRoot, path), "utf8").split("\n"));
  return { lines, inside: assemblyLines(lines) };
}

/** Every mutant: {id, path, line, operator, before, after}. Ids are from 1. */
export function generateMutants() {
  return sourcePaths()
    .filter((path) => !WITHOUT_BEHAVIOUR.test(path))
    .flatMap((path) => {
      const { lines, inside } = readLines(path);
      return lines.flatMap((_, index) => mutantsOfLine(path, lines, index, inside[index]));
    })
    .map((mutant, index) => ({ id: index + 1, ...mutant }));
}
