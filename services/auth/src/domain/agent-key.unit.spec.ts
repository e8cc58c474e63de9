import { describe, expect, it } from "vitest";
import { parseAgentKey } from "./agent-key.js";

const x = "AZaz09_-".padEnd(43, "A");
const jwk = (over: Readonly<Record<string, unknown>> = {}) => JSON.stringify({ kty: "OKP", crv: "Ed25519", x, ...over });
const refused = (field: string, rule: string, value: string) =>
  expect.objectContaining({ code: "VALIDATION_FAILED", message: `${field}: must be ${rule}`, details: { field, rule, value } });

describe("an agent's public key", () => {
  it("is kept without anything else that came with it", () => {
    expect(parseAgentKey(jwk({ kid: "mine", use: "sig" }))).toEqual({ kty: "OKP", crv: "Ed25519", x });
  });

  it("is refused with its private half, which is not repeated", () => {
    const secret = "private-".padEnd(43, "s");
    const refusal = refused("publicJwk.d", "absent: send the public half only and replace this key", "present");
    expect(() => parseAgentKey(jwk({ d: secret }))).toThrow(refusal);
    expect(() => parseAgentKey(jwk({ d: secret, kty: "EC" }))).toThrow(refusal);
  });

  it.each([
    ["publicJwk.kty", "OKP", { kty: "EC" }, "EC"],
    ["publicJwk.crv", "Ed25519", { crv: "X25519" }, "X25519"],
    ["publicJwk.x", "32 bytes in base64url", { x: x.slice(1) }, x.slice(1)],
    ["publicJwk.x", "32 bytes in base64url", { x: `${x}A` }, `${x}A`],
    ["publicJwk.x", "32 bytes in base64url", { x: `+${x.slice(1)}` }, `+${x.slice(1)}`],
    ["publicJwk.x", "32 bytes in base64url", { x: 7 }, "7"],
    ["publicJwk.x", "32 bytes in base64url", { x: [x] }, x],
    ["publicJwk.x", "32 bytes in base64url", { x: "A".repeat(200) }, "A".repeat(100)],
  ])("is refused when %s is not %s: %o", (field, rule, over, value) => {
    expect(() => parseAgentKey(jwk(over))).toThrow(refused(field, rule, value));
  });

  it("is refused when it is no JSON object, of which only the beginning is repeated", () => {
    expect(() => parseAgentKey("[]")).toThrow(refused("publicJwk", "a JWK object", "[]"));
    expect(() => parseAgentKey("x".repeat(90))).toThrow(refused("publicJwk", "a JWK object", "x".repeat(40)));
  });
});
