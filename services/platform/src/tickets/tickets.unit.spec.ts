import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CompactSign } from "jose";
import { describe, expect, it } from "vitest";
import { issueAuthorization, verifyAuthorization } from "./authorization-ticket.js";
import type { AuthorizationContent, DecisionContent } from "./claims.js";
import { issueDecision, verifyDecision } from "./decision-ticket.js";
import { parseTicketKey, pinKeys } from "./ticket-key.js";

const NOW = 1_800_000_000;
const UUID = "0197a1b2-0000-7000-8000-000000000001";
const HASH = `0x${"11".repeat(32)}`;
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = (key: KeyObject, kid = "k1") => ({ ...key.export({ format: "jwk" }), kid });
const key = parseTicketKey(JSON.stringify(jwk(pair.privateKey)));
const keys = pinKeys([jwk(pair.publicKey)], "policy");
const content: DecisionContent = {
  decisionId: UUID,
  executionId: "e1",
  sessionId: "s1",
  policyHash: HASH,
  policyId: HASH,
  digest: HASH,
  outcome: "allow",
  evaluatorVersion: "v1",
};
const claims = { iss: "policy", aud: "vault", jti: UUID, iat: NOW, exp: NOW + 30, ...content };
const issue = () => issueDecision(content, { key, jti: UUID, now: NOW });

function forged(payload: object, header: object = {}, by: KeyObject = pair.privateKey): Promise<string> {
  const protectedHeader = { alg: "ES256", typ: "interlock-decision+jwt", kid: "k1", ...header };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader(protectedHeader).sign(by);
}

describe("a decision ticket", () => {
  it("says what policy decided", async () => {
    expect(await verifyDecision(await issue(), { keys, now: NOW })).toEqual(claims);
  });
  it("lives for 30 s and not a second longer", async () => {
    const token = await issue();
    await expect(verifyDecision(token, { keys, now: NOW + 29 })).resolves.toBeDefined();
    await expect(verifyDecision(token, { keys, now: NOW + 30 })).rejects.toThrow("it has expired");
  });
  it("may be 5 s ahead of the verifier's clock and no more", async () => {
    const token = await issue();
    await expect(verifyDecision(token, { keys, now: NOW - 5 })).resolves.toBeDefined();
    await expect(verifyDecision(token, { keys, now: NOW - 6 })).rejects.toThrow("issued in the future");
  });
  it("has its own envelope whatever else stands in its content", async () => {
    const longer = { ...content, exp: NOW + 3_600, iss: "permissions" };
    const claims = async (token: Promise<string>) => (await token).split(".")[1];
    expect(await claims(issueDecision(longer, { key, jti: UUID, now: NOW }))).toBe(await claims(issue()));
  });

  it("is not issued when nobody would take it", async () => {
    const wrong = issueDecision({ ...content, sessionId: 'a"b' }, { key, jti: UUID, now: NOW });
    await expect(wrong).rejects.toThrow("ticket not issued: sessionId: must be plain text of 1 to 200 characters");
  });
  it("is nothing once a character is changed", async () => {
    const [head, , signature] = (await issue()).split(".");
    const body = Buffer.from(JSON.stringify({ ...claims, digest: `0x${"22".repeat(32)}` })).toString("base64url");
    await expect(verifyDecision(`${head}.${body}.${signature}`, { keys, now: NOW })).rejects.toThrow("the signature does not hold");
  });
});

describe("a forged ticket is refused", () => {
  it.each([
    ["another type", claims, { typ: "interlock-authorization+jwt" }, "typ must be interlock-decision+jwt"],
    ["an unknown kid", claims, { kid: "k2" }, "kid is not pinned"],
    ["a key of its own", claims, { jwk: jwk(pair.publicKey) }, "the header must be exactly"],
    ["a key's address", claims, { jku: "https://keys.example" }, "the header must be exactly"],
    ["a certificate's address", claims, { x5u: "https://keys.example" }, "the header must be exactly"],
    ["31 s of life", { ...claims, exp: NOW + 31 }, {}, "exp must be at most 30 s after iat"],
    ["an end before its beginning", { ...claims, exp: NOW }, {}, "exp must be at most 30 s after iat"],
    ["another issuer", { ...claims, iss: "permissions" }, {}, "iss:"],
    ["another audience", { ...claims, aud: "relay" }, {}, "aud:"],
    ["an extra claim", { ...claims, admin: true }, {}, "claims:"],
    ["a missing claim", { ...claims, digest: undefined }, {}, "digest:"],
    ["upper-case hex", { ...claims, digest: HASH.replace("11", "AA") }, {}, "digest:"],
    ["an outcome of its own", { ...claims, outcome: "maybe" }, {}, "outcome:"],
  ])("for %s", async (_what, payload, header, why) => {
    await expect(verifyDecision(await forged(payload, header), { keys, now: NOW })).rejects.toThrow(why);
  });
  it.each([
    ["a name that is there twice", (text: string) => text.replace('"iss"', '"iss":"policy","iss"')],
    ["claims in another order", (text: string) => text.replace(/("iss":"policy"),("aud":"vault")/, "$2,$1")],
    ["blanks", (text: string) => text.replaceAll(":", ": ")],
    ["an escaped character", (text: string) => text.replace("allow", "\\u0061llow")],
    ["a number written otherwise", (text: string) => text.replace(`"iat":${NOW}`, `"iat":${NOW}.0`)],
    ["something behind its end", (text: string) => `${text}\n`],
    ["no object", () => "[]"],
    ["no JSON", () => "{"],
  ])("for %s", async (_what, spoil) => {
    const header = { alg: "ES256", typ: "interlock-decision+jwt", kid: "k1" };
    const payload = new TextEncoder().encode(spoil(JSON.stringify(claims)));
    const token = await new CompactSign(payload).setProtectedHeader(header).sign(pair.privateKey);
    await expect(verifyDecision(token, { keys, now: NOW })).rejects.toMatchObject({ code: "TICKET_INVALID" });
  });
  it("for alg none", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg: "none", typ: "interlock-decision+jwt", kid: "k1" })}.${part(claims)}.`;
    await expect(verifyDecision(token, { keys, now: NOW })).rejects.toThrow("the header must be exactly");
  });
  it("for another key under a pinned kid", async () => {
    const thief = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await expect(verifyDecision(await forged(claims, {}, thief.privateKey), { keys, now: NOW })).rejects.toThrow("signature does not hold");
  });
  it.each(["", "x", "a.b", "a.b.c", "x".repeat(9_000)])("for text that is none: %#", async (token) => {
    await expect(verifyDecision(token, { keys, now: NOW })).rejects.toMatchObject({ code: "TICKET_INVALID" });
  });
});

describe("an authorization ticket", () => {
  const authorization: AuthorizationContent = {
    authorizationId: UUID,
    executionId: "e1",
    sessionId: "s1",
    keyRef: "k",
    generation: "1",
    account: "0x00000000000000000000000000000000000000a1",
    chainId: "1",
    module: "0x00000000000000000000000000000000000000b1",
    policyHash: HASH,
    policyId: HASH,
    digest: HASH,
    nonce: "0",
    deadline: "9",
    spends: [{ token: "0x00000000000000000000000000000000000000c1", amount: "5" }],
    operations: 1,
  };
  it("says what permissions reserved", async () => {
    const token = await issueAuthorization(authorization, { key, jti: UUID, now: NOW });
    expect(await verifyAuthorization(token, { keys, now: NOW })).toMatchObject({ ...authorization, iss: "permissions", exp: NOW + 30 });
  });
  it.each([
    ["spends", Array.from({ length: 33 }, () => ({ token: authorization.account, amount: "5" }))],
    ["spends", [{ token: authorization.account }]],
    ["spends", [{ token: authorization.account, amount: "05" }]],
    ["operations", 5],
    ["nonce", "-1"],
    ["account", "0x00"],
    ["keyRef", ""],
  ])("is not issued with a wrong %s: %#", async (claim, value) => {
    const wrong = issueAuthorization({ ...authorization, [claim]: value }, { key, jti: UUID, now: NOW });
    await expect(wrong).rejects.toThrow(`ticket not issued: ${claim}:`);
  });
  it("takes no, one or many spends", async () => {
    const spend = authorization.spends[0] ?? { token: "", amount: "" };
    for (const length of [0, 1, 32]) {
      const token = await issueAuthorization(
        { ...authorization, spends: Array.from({ length }, () => spend) },
        { key, jti: UUID, now: NOW },
      );
      expect((await verifyAuthorization(token, { keys, now: NOW })).spends).toHaveLength(length);
    }
  });
  it("is no decision", async () => {
    const token = await issueAuthorization(authorization, { key, jti: UUID, now: NOW });
    await expect(verifyDecision(token, { keys, now: NOW })).rejects.toThrow("typ must be");
  });
});

describe("ticket keys", () => {
  it("get their RFC 7638 thumbprint as kid when they have none", () => {
    const { kid: _, ...bare } = jwk(pair.privateKey);
    const made = parseTicketKey(JSON.stringify(bare));
    expect([...pinKeys([pair.publicKey.export({ format: "jwk" })], "policy").keys()]).toEqual([made.kid]);
  });
  it.each(["", "{}", JSON.stringify(jwk(pair.publicKey))])("must be private P-256 JWKs: %#", (text) => {
    expect(() => parseTicketKey(text)).toThrow("TICKET_KEY_FILE: must be a private P-256 JWK");
  });
  it("must lie on the curve", () => {
    const off = { ...jwk(pair.publicKey), x: "A".repeat(43) };
    expect(() => pinKeys([off], "policy")).toThrow("tickets.policy.keys[0]: is not a point of P-256");
    expect(() => parseTicketKey(JSON.stringify({ ...jwk(pair.privateKey), x: "A".repeat(43) }))).toThrow("is not a point of P-256");
  });
  it("are pinned once each, and at least one", () => {
    expect(() => pinKeys([jwk(pair.publicKey), jwk(pair.publicKey)], "policy")).toThrow("kid k1 is there twice");
    expect(() => pinKeys([], "policy")).toThrow("must have at least one key");
    expect(() => pinKeys([{ kty: "oct" }], "policy")).toThrow("must be a P-256 JWK");
  });
});
