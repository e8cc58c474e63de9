import { describe, expect, it } from "vitest";
import { type AssertionClaims, checkAssertion } from "./agent-assertion.js";

const NOW = new Date("2026-01-01T00:00:00.000Z");
const SECONDS = NOW.getTime() / 1000;
const TOKEN_URL = "https://auth.example/token";
const claims = (over: AssertionClaims = {}): AssertionClaims => ({
  iss: "agent-1",
  sub: "agent-1",
  aud: TOKEN_URL,
  jti: "12345678",
  exp: SECONDS + 60,
  ...over,
});
const check = (over: AssertionClaims = {}) => checkAssertion(claims(over), "agent-1", TOKEN_URL, NOW);
const refused = (field: string, rule: string) =>
  expect.objectContaining({ code: "CREDENTIAL_INVALID", message: `assertion: ${field} must be ${rule}`, details: { field, rule } });

describe("an agent's assertion", () => {
  it("is taken with the claims of RFC 7523, and gives what names it and when it ends", () => {
    expect(check()).toEqual({ jti: "12345678", expiresAt: new Date("2026-01-01T00:01:00.000Z") });
  });

  it.each<[string, AssertionClaims]>([
    ["our endpoint as the only one of a list", { aud: [TOKEN_URL] }],
    ["an id of 8 characters", { jti: "x".repeat(8) }],
    ["an id of 200 characters", { jti: "x".repeat(200) }],
    ["a life of five minutes and the clocks' 30 seconds", { exp: SECONDS + 330 }],
    ["a clock 30 seconds ahead", { iat: SECONDS + 30, nbf: SECONDS + 30 }],
    ["an issue time long ago", { iat: SECONDS - 9_999, nbf: SECONDS - 9_999 }],
  ])("may have %s", (_what, over) => {
    expect(() => check(over)).not.toThrow();
  });

  it.each<[string, string, AssertionClaims]>([
    ["iss", "the credential id", { iss: "agent-2" }],
    ["sub", "the credential id", { sub: "agent-2" }],
    ["aud", TOKEN_URL, { aud: "https://elsewhere.example/token" }],
    ["aud", TOKEN_URL, { aud: [TOKEN_URL, "https://elsewhere.example/token"] }],
    ["aud", TOKEN_URL, { aud: [] }],
    ["aud", TOKEN_URL, { aud: undefined }],
    ["jti", "a text of 8 to 200 characters", { jti: "1234567" }],
    ["jti", "a text of 8 to 200 characters", { jti: "x".repeat(201) }],
    ["jti", "a text of 8 to 200 characters", { jti: 12_345_678 }],
    ["jti", "a text of 8 to 200 characters", { jti: undefined }],
    ["exp", "a number of seconds", { exp: undefined }],
    ["exp", "a number of seconds", { exp: "1800000000" }],
    ["exp", "a number of seconds", { exp: Number.POSITIVE_INFINITY }],
    ["exp", "in the future", { exp: SECONDS }],
    ["exp", "in the future", { exp: SECONDS - 1 }],
    ["exp", "at most 5 minutes from now", { exp: SECONDS + 331 }],
    ["iat", "not in the future", { iat: SECONDS + 31 }],
    ["iat", "a number of seconds", { iat: "now" }],
    ["nbf", "not in the future", { nbf: SECONDS + 31 }],
    ["nbf", "a number of seconds", { nbf: Number.NaN }],
  ])("is refused when its %s is not %s: %o", (field, rule, over) => {
    expect(() => check(over)).toThrow(refused(field, rule));
  });
});
