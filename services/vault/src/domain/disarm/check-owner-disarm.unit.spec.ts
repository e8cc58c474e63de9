import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { moduleDomain, OWNER_TYPES } from "#platform/intent/typed-data.js";
import { ACCOUNT, ALICE, MODULE } from "#platform/session-policy/policy-document.builder.js";
import { OWNERS, STRANGER, sessionKey } from "../session-key.builder.js";
import { checkOwnerDisarm } from "./check-owner-disarm.js";

const key = sessionKey();
const policyId: Hex = key.sealed?.policyId ?? "0x";
const DEADLINE = 1_800_000_100n;

function signedBy(signer: (typeof OWNERS)[number], over: { safe?: Hex; deadline?: number; module?: Hex; chainId?: bigint } = {}) {
  const { safe = ACCOUNT, deadline = Number(DEADLINE), module = MODULE, chainId = 31337n } = over;
  const message = { safe, id: policyId, deadline };
  return signer.signTypedData({ domain: moduleDomain(chainId, module), types: OWNER_TYPES, primaryType: "Disarm", message });
}

describe("an owner who asks to stop a key", () => {
  it.each(OWNERS)("is enough alone: $address", async (owner) => {
    const disarm = { signature: await signedBy(owner), policyId, deadline: DEADLINE };
    await expect(checkOwnerDisarm(key, disarm, DEADLINE - 100n)).resolves.toBe(owner.address.toLowerCase());
  });

  it("is heard until the deadline's last second, not after it", async () => {
    const [owner = STRANGER] = OWNERS;
    const disarm = { signature: await signedBy(owner), policyId, deadline: DEADLINE };
    await expect(checkOwnerDisarm(key, disarm, DEADLINE)).resolves.toBe(owner.address.toLowerCase());
    await expect(checkOwnerDisarm(key, disarm, DEADLINE + 1n)).rejects.toMatchObject({
      code: "EXPIRED",
      message: "deadline: has passed",
      details: { field: "deadline", value: String(DEADLINE) },
    });
  });

  it("must be an owner fixed when the key was made", async () => {
    const signer = STRANGER.address.toLowerCase();
    const disarm = { signature: await signedBy(STRANGER), policyId, deadline: DEADLINE };
    await expect(checkOwnerDisarm(key, disarm, 0n)).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
      message: `${signer} is no owner of the account that this key was made for`,
      details: { signer },
    });
  });

  it.each([{ safe: ALICE }, { deadline: 1 }, { module: ALICE }, { chainId: 1n }] as const)(
    "must have signed this very order, not %o",
    async (over) => {
      const [owner = STRANGER] = OWNERS;
      const disarm = { signature: await signedBy(owner, over), policyId, deadline: DEADLINE };
      await expect(checkOwnerDisarm(key, disarm, 0n)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    },
  );

  it("must name the policy that is sealed for the key", async () => {
    const [owner = STRANGER] = OWNERS;
    const signature = await signedBy(owner);
    const refusal = {
      code: "OWNER_SIGNATURE_INVALID",
      message: "policy_id: is not the policy of this key",
      details: { field: "policy_id" },
    };
    const other = { signature, policyId: `0x${"ff".repeat(32)}` as const, deadline: DEADLINE };
    await expect(checkOwnerDisarm(key, other, 0n)).rejects.toMatchObject(refusal);
    const disarm = { signature, policyId, deadline: DEADLINE };
    await expect(checkOwnerDisarm(sessionKey({ sealed: undefined }), disarm, 0n)).rejects.toMatchObject(refusal);
  });
});
