import { InterlockError } from "../errors/interlock-error.js";

/** One broken rule of a document: where, what, and the value seen. */
export interface DocumentProblem {
  /** JSON path, e.g. `rules[0].where.values[1]`. */
  readonly path: string;
  readonly rule: string;
  readonly value: string;
}

/** The error a document with these problems is refused with: the first one in words, all of them in the details. */
export function documentRefused(problems: readonly DocumentProblem[]): InterlockError {
  const [first = { path: "document", rule: "is malformed", value: "" }] = problems;
  const details = { field: first.path, rule: first.rule, value: first.value, problems: problems.map((problem) => ({ ...problem })) };
  return new InterlockError("VALIDATION_FAILED", `${first.path}: ${first.rule}`, { details });
}

/** A path of zod as JSON path. */
export function jsonPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    return path === "" ? String(key) : `${path}.${String(key)}`;
  }, "");
}

/** The first characters of whatever stood there, for the message. */
export function seen(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, 100);
}
