import { z } from "zod";
import { policyDocumentSchema } from "#platform/session-policy/schema.js";

/** JSON Schema (draft 2020-12) of a session-policy/v1 document as authors write it; what a shape cannot say is in docs/policy-language.md. */
export function documentJsonSchema(): string {
  const schema = z.toJSONSchema(policyDocumentSchema, { io: "input", target: "draft-2020-12" });
  return `${JSON.stringify({ ...schema, $id: "urn:interlock:session-policy:v1" }, null, 2)}\n`;
}
