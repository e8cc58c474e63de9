import { type Address, getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { packSignatures } from "#platform/safe/owner-signatures.js";
import { safeMessageTypedData } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { canonicalDocument } from "#platform/session-policy/canonical.js";
import { ACCOUNT, ALICE, KEY, MODULE, PROTOCOLS } from "#platform/session-policy/policy-document.builder.js";
import { armedPolicy, keyRecord, OWNERS } from "../session-key.builder.js";
import { deriveSealedFloor } from "./derive-sealed-floor.js";
import type { SealRequest } from "./seal-request.js";

/** What an honest permissions sends for the builder's policy (`over` changes the document), signed by `signers`. */
async function request(signers = OWNERS.slice(0, 2), over: Readonly<Record<string, unknown>> = {}): Promise<SealRequest> {
  const { document, policy } = armedPolicy(over);
  const armDeadline = 1_800_003_600n;
  const digest = armDigest({ chainId: 31337n, module: MODULE, policy, armNonce: 7n, deadline: armDeadline });
  const typed = safeMessageTypedData({ safe: ACCOUNT, chainId: 31337n, message: digest });
  const signatures = await Promise.all(
    signers.map(async (owner) => ({ owner: owner.address, signature: await owner.signTypedData(typed) })),
  );
  return { document: canonicalDocument(document), policy, armNonce: 7n, armDeadline, signatures: packSignatures(signatures) };
}
const derive = (sealing: SealRequest, identity = keyRecord(), key: `0x${string}` = KEY) =>
  deriveSealedFloor(identity, key, sealing, PROTOCOLS);
const mismatch = (field: string) => ({
  code: "POLICY_MISMATCH",
  message: `${field}: is not what the vault computed itself`,
  details: expect.objectContaining({ field, seen: expect.any(String), own: expect.any(String) }),
});

describe("the floor that the vault seals", () => {
  it("is the one of the document that the owners signed", async () => {
    const { floor, policyId } = armedPolicy();
    await expect(derive(await request())).resolves.toEqual({ policyId, floor });
  });

  it("takes a key's address in its checksum form too", async () => {
    await expect(derive(await request(), keyRecord({ account: getAddress(ACCOUNT) }), getAddress(KEY))).resolves.toBeDefined();
  });

  it("is not sealed for a document of another chain", async () => {
    await expect(derive(await request(), keyRecord({ chainId: "1" }))).rejects.toMatchObject({
      code: "CHAIN_MISMATCH",
      message: "document.chainId: must be 1",
      details: { field: "document.chainId", value: 31337 },
    });
  });

  it("is not sealed for another key or another account", async () => {
    const honest = await request();
    await expect(derive(honest, keyRecord(), ALICE)).rejects.toMatchObject(mismatch("policy.key"));
    await expect(derive(honest, keyRecord({ account: ALICE }))).rejects.toMatchObject(mismatch("policy.safe"));
    const foreign = await request(OWNERS.slice(0, 2), { account: ALICE });
    const policy = { ...foreign.policy, safe: ACCOUNT as Address };
    await expect(derive({ ...foreign, policy })).rejects.toMatchObject(mismatch("document.account"));
  });

  it("is not sealed when the struct on chain says anything else than the document", async () => {
    const honest = await request();
    await expect(derive({ ...honest, policy: { ...honest.policy, maxOps: 11 } })).rejects.toMatchObject(mismatch("policy"));
  });

  it("is not sealed without the owners: too few, for another arm nonce, for another deadline", async () => {
    const unsigned = { code: "OWNER_SIGNATURE_INVALID" };
    await expect(derive(await request(OWNERS.slice(0, 1)))).rejects.toMatchObject(unsigned);
    const honest = await request();
    await expect(derive({ ...honest, armNonce: 8n })).rejects.toMatchObject(unsigned);
    await expect(derive({ ...honest, armDeadline: honest.armDeadline + 1n })).rejects.toMatchObject(unsigned);
    await expect(derive(honest, keyRecord({ module: ALICE }))).rejects.toMatchObject(unsigned);
  });
});
