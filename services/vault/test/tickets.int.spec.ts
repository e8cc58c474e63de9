import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { CompactSign } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthorizationContent, DecisionContent } from "#platform/tickets/claims.js";
import { nowSeconds, SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const OTHER_HASH = `0x${"ab".repeat(32)}`;
const OTHER_ADDRESS = "0x00000000000000000000000000000000000000ff";

const WRONG_DECISIONS: readonly Partial<DecisionContent>[] = [
  { executionId: "another" },
  { sessionId: randomUUID() },
  { policyHash: OTHER_HASH },
  { policyId: OTHER_HASH },
  { digest: OTHER_HASH },
];
const WRONG_AUTHORIZATIONS: readonly Partial<AuthorizationContent>[] = [
  { executionId: "another" },
  { sessionId: randomUUID() },
  { keyRef: randomUUID() },
  { generation: "2" },
  { account: OTHER_ADDRESS },
  { chainId: "1" },
  { module: OTHER_ADDRESS },
  { policyHash: OTHER_HASH },
  { policyId: OTHER_HASH },
  { digest: OTHER_HASH },
  { nonce: "999999" },
  { deadline: "1" },
  { operations: 2 },
  { spends: [] },
];

type Header = Readonly<Record<string, unknown>>;

describe("tickets at the vault", () => {
  let bed: VaultBed;
  let session: SessionBed;
  beforeAll(async () => {
    bed = await vaultBed();
    session = await SessionBed.armed(bed, { rate: { max: 0, windowSeconds: 86_400 } });
  });
  afterAll(() => bed.close());

  const claimsOf = (token: string): Record<string, unknown> => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const resigned = (token: string, header: Header, over: Header) =>
    new CompactSign(Buffer.from(JSON.stringify({ ...claimsOf(token), ...over })))
      .setProtectedHeader({ alg: "ES256", typ: "interlock-decision+jwt", kid: bed.tickets.policy.kid, ...header })
      .sign(bed.tickets.policy.key);
  const refused = async (forge: (decision: string) => Promise<string> | string) => {
    const request = await session.signRequest();
    await expect(session.sign({ ...request, decision: await forge(request.decision) })).rejects.toMatchObject({ code: "TICKET_INVALID" });
  };

  it.each(WRONG_DECISIONS.map((claim) => [Object.keys(claim)[0], claim]))(
    "refuses a decision whose %s is wrong",
    async (_name, decision) => {
      const request = await session.signRequest({ decision: decision as Partial<DecisionContent> });
      await expect(session.sign(request)).rejects.toMatchObject({ code: "TICKET_INVALID" });
    },
  );

  it.each(WRONG_AUTHORIZATIONS.map((claim) => [Object.keys(claim)[0], claim]))(
    "refuses an authorization whose %s is wrong",
    async (_name, authorization) => {
      const request = await session.signRequest({ authorization: authorization as Partial<AuthorizationContent> });
      await expect(session.sign(request)).rejects.toMatchObject({ code: "TICKET_INVALID" });
    },
  );

  it("refuses a decision that denies", async () => {
    const request = await session.signRequest({ decision: { outcome: "deny" } });
    await expect(session.sign(request)).rejects.toMatchObject({ code: "POLICY_DENIED" });
  });

  it("refuses alg none, HS256 with the public key, and a header that brings its own key", async () => {
    await refused(
      (token) => `${encode({ alg: "none", typ: "interlock-decision+jwt", kid: bed.tickets.policy.kid })}.${token.split(".")[1]}.`,
    );
    await refused((token) => {
      const input = `${encode({ alg: "HS256", typ: "interlock-decision+jwt", kid: bed.tickets.policy.kid })}.${token.split(".")[1]}`;
      const secret = JSON.stringify(bed.trust.trust.tickets.policy?.keys[0]);
      return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
    });
    const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await refused((token) =>
      new CompactSign(Buffer.from(JSON.stringify(claimsOf(token))))
        .setProtectedHeader({
          alg: "ES256",
          typ: "interlock-decision+jwt",
          kid: bed.tickets.policy.kid,
          jwk: own.publicKey.export({ format: "jwk" }),
        })
        .sign(own.privateKey),
    );
  });

  it("refuses a life of 31 s, an expired ticket, one from the future, another typ and an unpinned kid", async () => {
    const now = nowSeconds();
    await refused((token) => resigned(token, {}, { iat: now, exp: now + 31 }));
    await refused((token) => resigned(token, {}, { iat: now - 40, exp: now - 10 }));
    await refused((token) => resigned(token, {}, { iat: now + 20, exp: now + 50 }));
    await refused((token) => resigned(token, { typ: "interlock-authorization+jwt" }, {}));
    await refused((token) => resigned(token, { kid: "other" }, {}));
    await refused((token) => resigned(token, {}, { extra: true }));
  });

  it("refuses each ticket in the other's place and both alike", async () => {
    const request = await session.signRequest();
    const { decision, authorization } = request;
    await expect(session.sign({ ...request, decision: authorization })).rejects.toMatchObject({ code: "TICKET_INVALID" });
    await expect(session.sign({ ...request, authorization: decision })).rejects.toMatchObject({ code: "TICKET_INVALID" });
    await expect(session.sign({ ...request, authorization: "" })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("takes a jti once: a ticket signed again with it for another intent is refused", async () => {
    const jtis = { decision: randomUUID(), authorization: randomUUID() };
    await session.sign(await session.signRequest({ jtis }));
    await expect(session.sign(await session.signRequest({ jtis }))).rejects.toMatchObject({ code: "TICKET_INVALID" });
  });
});
