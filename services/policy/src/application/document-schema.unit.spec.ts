import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { depositRule, draftDocument, transferRule } from "#platform/session-policy/policy-document.builder.js";
import { documentJsonSchema } from "./document-schema.js";

describe("the published JSON Schema", () => {
  it("is the one in the repository (vitest -u writes it)", async () => {
    await expect(documentJsonSchema()).toMatchFileSnapshot("../../schema/session-policy.v1.schema.json");
  });
  it("accepts what the parser accepts and refuses what it refuses", () => {
    const validate = new Ajv2020.default({ strict: false }).compile(JSON.parse(documentJsonSchema()));
    expect(validate(draftDocument({ rules: [transferRule(), depositRule()] }))).toBe(true);
    expect(validate(draftDocument({ admin: true }))).toBe(false);
    expect(validate(draftDocument({ rules: [transferRule({ where: { op: "like", path: "to", value: "x" } })] }))).toBe(false);
  });
});
