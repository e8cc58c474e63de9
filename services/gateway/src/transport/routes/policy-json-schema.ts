import { z } from "zod";
import { policyDocumentSchema } from "#platform/session-policy/schema.js";

/** JSON Schema (2020-12) of session-policy/v1, as people write documents. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(policyDocumentSchema, { io: "input", unrepresentable: "any" }) };
}
