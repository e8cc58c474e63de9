import { getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { compilePolicy } from "./compile.js";
import { policyId } from "./onchain-policy.js";
import { KEY, NOT_BEFORE, PROTOCOLS, policyDocument } from "./policy-document.builder.js";
import { policyFromMessage, policyToMessage } from "./policy-message.js";

const { policy } = compilePolicy(policyDocument(), { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS });
const message = policyToMessage(policy);

function refusalOf(wrong: Parameters<typeof policyFromMessage>[0]): unknown {
  try {
    return policyFromMessage(wrong);
  } catch (error) {
    return error;
  }
}

describe("a policy on the wire", () => {
  it("keeps its id", () => {
    expect(policyId(policyFromMessage(message))).toBe(policyId(policy));
  });
  it.each([undefined, null])("is required (%s)", (absent) => {
    expect(refusalOf(absent)).toMatchObject({
      message: "policy: is required",
      code: "VALIDATION_FAILED",
      details: { field: "policy", rule: "is required", value: "" },
    });
  });
  it.each([
    [{ ...message, maxOps: 256 }, "policy.max_ops: must fit in uint8"],
    [{ ...message, epoch: String(2 ** 32) }, "policy.epoch: must fit in uint32"],
    [{ ...message, validUntil: "-1" }, "policy.valid_until: must be an unsigned decimal integer"],
    [{ ...message, scopeRoot: "0x" }, "policy.scope_root: must be 32 bytes"],
    [{ ...message, limits: [{ token: "x", perOp: "1", perPeriod: "1" }] }, "policy.limits[0].token: must be an address"],
    [{ ...message, limits: [{ token: KEY, perOp: String(2n ** 128n), perPeriod: "1" }] }, "policy.limits[0].per_op: must fit in uint128"],
  ])("is refused when a field does not fit the chain: %#", (wrong, why) => {
    expect(() => policyFromMessage(wrong)).toThrow(why);
  });
});
