import { type DocumentProblem, documentRefused, jsonPath, seen } from "./problem.js";
import { resolveDocument } from "./resolve-document.js";
import type { ResolvedRule } from "./resolve-rule.js";
import { type PolicyDocument, policyDocumentSchema } from "./schema.js";

/** Longest text of a document, in characters. */
export const MAX_DOCUMENT_CHARS = 65_536;

/** A document and its rules as understood, or everything that is wrong with it. */
export type InspectedDocument =
  | { readonly ok: true; readonly document: PolicyDocument; readonly rules: readonly ResolvedRule[] }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/**
 * Parses a session-policy/v1 document: JSON, shape, then meaning (functions, paths, recipients, windows).
 * @throws InterlockError VALIDATION_FAILED with path, rule and value of the first problem; all of them in details.problems.
 */
export function parsePolicyDocument(text: string): PolicyDocument {
  const inspected = inspectDocument(text);
  if (!inspected.ok) throw documentRefused(inspected.problems);
  return inspected.document;
}

/** As parsePolicyDocument, with the problems as a value. */
export function inspectDocument(text: string): InspectedDocument {
  if (typeof text !== "string" || text.length > MAX_DOCUMENT_CHARS) {
    return refused("document", `must be text of at most ${MAX_DOCUMENT_CHARS} characters`, typeof text);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("document", "must be JSON", text);
  }
  const shape = parseShape(value);
  if (Array.isArray(shape)) return { ok: false, problems: shape };
  const problems: DocumentProblem[] = [];
  const rules = resolveDocument(shape.document, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, document: shape.document, rules };
}

function parseShape(value: unknown): { readonly document: PolicyDocument } | DocumentProblem[] {
  if (depthOf(value) > MAX_DEPTH) return [{ path: "document", rule: `must not be nested more than ${MAX_DEPTH} deep`, value: "" }];
  const shape = policyDocumentSchema.safeParse(value);
  if (shape.success) return { document: shape.data };
  return shape.error.issues.map(({ path, message }) => ({
    path: jsonPath(path) || "document",
    rule: message,
    value: seen(at(value, path)),
  }));
}

/** Deep enough for any readable condition, shallow enough for every recursion here. */
const MAX_DEPTH = 40;

function depthOf(value: unknown): number {
  let depth = 0;
  let level: readonly unknown[] = [value];
  while (level.length > 0 && depth <= MAX_DEPTH) {
    depth += 1;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return depth;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === "object" && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}

function refused(path: string, rule: string, value: string): InspectedDocument {
  return { ok: false, problems: [{ path, rule, value: seen(value) }] };
}
