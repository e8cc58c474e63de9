import type { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";

const MAX_SHOWN = 100;
/** Fields whose value is a credential, or may be one by mistake: errors end up in logs and tickets, so they never repeat it. */
const NEVER_SHOWN: readonly PropertyKey[] = ["refreshToken", "assertion", "message", "signature", "publicJwk"];

/** Parses one part of a request. @throws InterlockError VALIDATION_FAILED naming field, rule and the value seen */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, part: "path" | "query" | "body"): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues[0], value);
  const path = [...issue.path, ...(issue.unknownKey === undefined ? [] : [issue.unknownKey])];
  const field = [part, ...path].map(String).join(".").slice(0, 200);
  const rule = issue.unknownKey === undefined ? issue.message : "is not a known field";
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: seen(value, path, issue) } });
}

/** What to say of a refused value. What we did not ask for is not repeated either: nobody knows what it is. */
function seen(value: unknown, path: readonly PropertyKey[], issue: Issue): string {
  if (issue.unknownKey !== undefined || path.some((key) => NEVER_SHOWN.includes(key))) return "not shown";
  return shown(at(value, path));
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly unknownKey?: string;
}

/** A union fails with one issue that holds those of each branch: the branch that got furthest says what is wrong. */
function deepest(issue: z.core.$ZodIssue | undefined, value: unknown): Issue {
  if (issue === undefined) return { path: [], message: "is malformed" };
  if (issue.code === "unrecognized_keys") return { path: issue.path, message: issue.message, unknownKey: issue.keys[0] ?? "" };
  if (issue.code !== "invalid_union") return { path: issue.path, message: issue.message };
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const branches = issue.errors.map((issues) => issues.map((inner) => deepest(inner, value)));
  const furthest = branches.flat().toSorted((a, b) => b.path.length - a.path.length)[0];
  if (furthest === undefined || furthest.path.length < 2 || keys.length === 0) {
    return { path: issue.path, message: "must have exactly one of the forms that are allowed here" };
  }
  return { ...furthest, path: [...issue.path, ...furthest.path] };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, MAX_SHOWN);
}
