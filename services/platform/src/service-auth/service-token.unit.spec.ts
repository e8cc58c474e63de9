import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestTrust, testTrust } from "../../../../test/support/test-trust.js";
import { uuidV7Factory } from "../kernel/ids.js";
import { SERVICE_TOKEN_TYPE, ServiceTokenIssuer } from "./service-token-issuer.js";
import { ServiceTokenVerifier } from "./service-token-verifier.js";

const START = Date.UTC(2026, 0, 1);

describe("service tokens", () => {
  let trust: TestTrust;
  let now = START;
  const clock = { now: () => new Date(now) };
  const ids = uuidV7Factory(clock);
  const issuer = (name: "permissions" | "relay" = "permissions") =>
    new ServiceTokenIssuer({ name, key: trust.serviceKey(name), clock, ids });
  const verifier = () => new ServiceTokenVerifier({ audience: "vault", trust: trust.trust, clock });
  const refused = (token: string) => expect(verifier().verify(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });

  /** A token as permissions mints it, with parts replaced. */
  async function forged(
    claims: JWTPayload = {},
    header: { alg?: string; typ?: string; kid?: string } = {},
    key?: JWK | Uint8Array,
  ): Promise<string> {
    const at = Math.floor(now / 1000);
    const payload = { iss: "permissions", sub: "permissions", aud: "vault", iat: at, exp: at + 60, jti: "j", ...claims };
    const signingKey = key instanceof Uint8Array ? key : await importJWK(key ?? trust.serviceKey("permissions"), header.alg ?? "EdDSA");
    return new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", typ: SERVICE_TOKEN_TYPE, ...header }).sign(signingKey);
  }

  beforeAll(async () => {
    trust = await testTrust();
  });
  beforeEach(() => {
    now = START;
  });

  it("name their caller and carry the principal", async () => {
    const act = { sub: "0xowner", kind: "owner" as const, accounts: [`1:0x${"a".repeat(40)}`], authMethod: "siwe-eoa" };
    const token = await issuer().token({ audience: "vault", act });
    await expect(verifier().verify(token)).resolves.toMatchObject({ caller: "permissions", actor: act });
  });

  it("are accepted when forged() changes nothing, so that every refusal below is for its own reason", async () => {
    await expect(verifier().verify(await forged())).resolves.toMatchObject({ caller: "permissions" });
  });

  it("are good for exactly one service", async () => {
    await refused(await issuer().token({ audience: "relay" }));
    await refused(await forged({ aud: ["vault", "relay"] }));
    await refused(await forged({ aud: ["vault"] }));
  });

  it("are refused once they have expired, with five seconds for clocks that differ", async () => {
    const token = await issuer().token({ audience: "vault" });
    now = START + 59_000;
    await expect(verifier().verify(token)).resolves.toBeDefined();
    now = START + 66_000;
    await refused(token);
  });

  it("die on time although the same verifier accepted them before, and lend their name to no other bytes", async () => {
    const token = await issuer().token({ audience: "vault" });
    const one = verifier();
    const first = await one.verify(token);
    now += 59_000;
    await expect(one.verify(token)).resolves.toEqual(first);
    const [head, , signature] = token.split(".");
    const other = Buffer.from(JSON.stringify({ iss: "permissions", sub: "permissions", aud: "vault", jti: "x" })).toString("base64url");
    await expect(one.verify(`${head}.${other}.${signature}`)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    now += 6_000;
    await expect(one.verify(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("are refused when they come from the future", async () => {
    const at = Math.floor(START / 1000);
    await refused(await forged({ iat: at + 30, exp: at + 90, nbf: at + 30 }));
  });

  it("may live sixty seconds and no more", async () => {
    const at = Math.floor(START / 1000);
    await refused(await forged({ iat: at, exp: at + 61 }));
    await refused(await forged({ iat: at, exp: at + 3_600 }));
  });

  it("are refused when signed with another caller's key", async () => {
    await refused(await forged({}, {}, trust.serviceKey("relay")));
    await refused(await forged({}, { kid: "permissions-1" }, trust.serviceKey("relay")));
  });

  it("take no key from the header, whatever kid or jwk it names", async () => {
    const stranger = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const secret = await exportJWK(stranger.privateKey);
    await refused(await forged({}, { kid: "relay-1" }, secret));
    const header = { alg: "EdDSA", typ: SERVICE_TOKEN_TYPE, jwk: await exportJWK(stranger.publicKey) };
    const at = Math.floor(START / 1000);
    const payload = { iss: "permissions", sub: "permissions", aud: "vault", iat: at, exp: at + 60, jti: "j" };
    await refused(await new SignJWT(payload).setProtectedHeader(header).sign(stranger.privateKey));
  });

  it("are refused with alg none", async () => {
    const at = Math.floor(START / 1000);
    const unsecured = new UnsecuredJWT({ sub: "permissions", jti: "j" }).setIssuer("permissions").setAudience("vault");
    await refused(
      unsecured
        .setIssuedAt(at)
        .setExpirationTime(at + 60)
        .encode(),
    );
  });

  it("are refused with HS256 over the public key", async () => {
    const publicKey = trust.trust.callers.permissions?.keys[0]?.x ?? "";
    await refused(await forged({}, { alg: "HS256" }, Buffer.from(publicKey, "base64url")));
    await refused(await forged({}, { alg: "HS256" }, Buffer.from(JSON.stringify(trust.trust.callers.permissions?.keys[0]))));
  });

  it("are refused when the caller is unknown, missing or a name of the object prototype", async () => {
    await refused(await forged({ iss: "stranger", sub: "stranger" }));
    await refused(await forged({ iss: "__proto__", sub: "__proto__" }));
    await refused(await forged({ iss: "relay" }));
    await refused("not a token");
    await refused("");
  });

  it("are refused when sub is not iss, jti is missing or the type is another", async () => {
    await refused(await forged({ sub: "relay" }));
    await refused(await forged({ jti: "" }));
    await refused(await forged({}, { typ: "JWT" }));
  });

  it("are refused when the principal is malformed", async () => {
    await refused(await forged({ act: { sub: "x", kind: "root", accounts: [] } }));
    await refused(await forged({ act: { sub: "x", kind: "owner", accounts: ["1:0xABC"] } }));
    await refused(await forged({ act: "owner" }));
  });

  it("are handed out again for 45 s to the same audience and principal only", async () => {
    const mine = issuer();
    const act = { sub: "a", kind: "agent" as const, accounts: [] };
    const first = await mine.token({ audience: "vault" });
    expect(await mine.token({ audience: "vault" })).toBe(first);
    expect(await mine.token({ audience: "relay" })).not.toBe(first);
    expect(await mine.token({ audience: "vault", act })).not.toBe(first);
    now = START + 45_000;
    expect(await mine.token({ audience: "vault" })).not.toBe(first);
  });

  it("are fresh when asked for", async () => {
    const mine = issuer();
    const first = await mine.token({ audience: "vault", fresh: true });
    expect(await mine.token({ audience: "vault", fresh: true })).not.toBe(first);
  });

  it("of two callers with a shared cache key differ", async () => {
    expect(await issuer("relay").token({ audience: "vault" })).not.toBe(await issuer().token({ audience: "vault" }));
  });
});
