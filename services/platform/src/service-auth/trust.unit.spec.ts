import { describe, expect, it } from "vitest";
import { testTrust } from "../../../../test/support/test-trust.js";
import { callerKeys, parseTrust } from "./trust.js";

describe("the trust file", () => {
  it("pins the keys of every caller", async () => {
    const { trust } = await testTrust();
    expect(callerKeys(trust, "vault")).toHaveLength(1);
    expect(callerKeys(trust, "nobody")).toEqual([]);
    expect(callerKeys(trust, "constructor")).toEqual([]);
  });

  it("is refused when a private key slipped into it", async () => {
    const trust = await testTrust();
    const text = JSON.stringify({ callers: { vault: { keys: [trust.serviceKey("vault")] } } });
    expect(() => parseTrust(text)).toThrow(/must be a public key/);
  });

  it("is refused with the path of the wrong field", () => {
    expect(() => parseTrust("{")).toThrow(/must be JSON/);
    expect(() => parseTrust(JSON.stringify({ callers: { vault: { keys: [] } } }))).toThrow(/callers\.vault\.keys/);
  });
});
