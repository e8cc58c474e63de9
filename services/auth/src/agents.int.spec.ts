import "reflect-metadata";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LocalChain, startChain } from "../../../deploy/local/anvil.js";
import { type AuthWorld, authWorld, ORIGIN } from "../../../test/support/auth-world.js";

const AUDIENCE = `${ORIGIN}/v1/auth/agent/token`;
const ADDRESS = `0x${"ab".repeat(20)}`;
const SESSION = "01900000-0000-7000-8000-000000000001";
const owner = { sub: `0x${"cd".repeat(20)}`, kind: "owner" as const, accounts: [`31337:${ADDRESS}`] };

describe("agents' credentials", () => {
  let chain: LocalChain;
  let world: AuthWorld;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let publicJwk: JWK;
  let credentialId: string;
  let serial = 0;

  const register = (act: typeof owner | { sub: string; kind: "agent"; accounts: string[] }, jwk: object = publicJwk) =>
    world.auth.registerAgent(
      { sessionId: SESSION, account: ADDRESS, chainId: "31337", publicJwk: JSON.stringify(jwk), label: "bot" },
      { act },
    );
  const now = () => Math.floor(Date.now() / 1000);
  const claims = (changes: object = {}) => {
    serial += 1;
    return { iss: credentialId, sub: credentialId, aud: AUDIENCE, jti: `assertion-${serial}`, iat: now(), exp: now() + 120, ...changes };
  };
  const sign = (payload: object, key = keys.privateKey) => new SignJWT({ ...payload }).setProtectedHeader({ alg: "EdDSA" }).sign(key);
  const exchange = (assertion: string) => world.auth.agentToken({ assertion }, { act: null });

  beforeAll(async () => {
    chain = await startChain();
    world = await authWorld(chain.url);
    keys = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    publicJwk = await exportJWK(keys.publicKey);
    credentialId = (await register(owner)).credentialId;
  });
  afterAll(async () => {
    await world.stop();
    await chain.stop();
  });

  it("give a 5-minute token good for the one session", async () => {
    const { accessToken, refreshToken, expiresIn } = await exchange(await sign(claims()));
    expect([refreshToken, expiresIn]).toEqual(["", 300]);
    const request = { credential: accessToken, kind: "bearer", csrfToken: "", unsafeMethod: true, addsNoAuthority: false };
    const principal = await world.auth.introspect(request, { act: null });
    expect(principal).toMatchObject({ kind: "agent", subject: credentialId, sessionId: SESSION, accounts: owner.accounts });
  });

  it.each<[string, object]>([
    ["another audience", { aud: ORIGIN }],
    ["two audiences", { aud: [AUDIENCE, "https://elsewhere.example"] }],
    ["another issuer", { iss: "somebody" }],
    ["an expiry in the past", { exp: 1 }],
    ["no expiry", { exp: undefined }],
    ["an expiry too far away", { exp: Math.floor(Date.now() / 1000) + 600 }],
    ["an issue time in the future", { iat: Math.floor(Date.now() / 1000) + 600 }],
    ["no jti", { jti: undefined }],
    ["an unknown credential", { sub: "01900000-0000-7000-8000-0000000000ff", iss: "01900000-0000-7000-8000-0000000000ff" }],
    ["a subject that is no id", { sub: "' OR 1=1 --" }],
  ])("are refused with %s", async (_name, changes) => {
    await expect(sign(claims(changes)).then(exchange)).rejects.toMatchObject({ code: "CREDENTIAL_INVALID" });
  });

  it("are refused under another key, alg none, an HMAC over the public key, and as no JWT at all", async () => {
    const other = await generateKeyPair("EdDSA", { crv: "Ed25519" });
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const none = `${text({ alg: "none" })}.${text(claims())}.`;
    const hmac = await new SignJWT(claims()).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(publicJwk.x ?? "", "base64url"));
    for (const assertion of [await sign(claims(), other.privateKey), none, hmac, "", "a.b.c"]) {
      await expect(exchange(assertion)).rejects.toMatchObject({ code: "CREDENTIAL_INVALID" });
    }
  });

  it("accept each assertion once, however many try at the same time", async () => {
    const assertion = await sign(claims());
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => exchange(assertion)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(exchange(assertion)).rejects.toMatchObject({ code: "TOKEN_REPLAYED" });
  });

  it("are registered only by an owner of the account, and only with the public half of an Ed25519 key", async () => {
    const foreign = { ...owner, accounts: [`31337:0x${"ee".repeat(20)}`] };
    await expect(register(foreign)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(register({ sub: credentialId, kind: "agent", accounts: owner.accounts })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const secret = await exportJWK(keys.privateKey);
    await expect(register(owner, secret)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await register(owner, secret).catch((error: Error) => expect(JSON.stringify(error)).not.toContain(secret.d));
    await expect(register(owner, { kty: "EC", crv: "P-256", x: "x" })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("end at once when they are revoked, by their owner only", async () => {
    const { credentialId: id } = await register(owner);
    const own = claims({ iss: id, sub: id });
    const { accessToken } = await exchange(await sign(own));
    const foreign = { ...owner, accounts: [] };
    await expect(world.auth.revokeAgent({ credentialId: id }, { act: foreign })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await world.auth.revokeAgent({ credentialId: id }, { act: owner });
    await world.auth.revokeAgent({ credentialId: id }, { act: owner });
    const request = { credential: accessToken, kind: "bearer", csrfToken: "", unsafeMethod: false, addsNoAuthority: true };
    await expect(world.auth.introspect(request, { act: null })).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect(sign(claims({ iss: id, sub: id })).then(exchange)).rejects.toMatchObject({ code: "CREDENTIAL_INVALID" });
  });

  it("cannot be reached without a principal", async () => {
    await expect(world.auth.revokeAgent({ credentialId }, { act: null })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("give tokens while the chain is away, and are not registered then", async () => {
    const { credentialId: id } = await register(owner);
    await chain.stop();
    await vi.waitFor(() => expect(register(owner)).rejects.toMatchObject({ code: "CONDITION" }), { timeout: 20_000 });
    const { expiresIn } = await exchange(await sign(claims({ iss: id, sub: id })));
    expect(expiresIn).toBe(300);
  });
});
