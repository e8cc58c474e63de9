import { getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { decodeEmergencyCall } from "./emergency-call.js";
import { encodeSponsoredCall } from "./sponsored-call.js";

const account = getAddress("0x00000000000000000000000000000000000000aa");
const signed = { account, deadline: 1_800_000_000, signature: `0x${"ab".repeat(65)}` } as const;

describe("a call that somebody else pays for", () => {
  it.each([
    [{ ...signed, action: "close_all" }],
    [{ ...signed, action: "disarm_all", epoch: 3 }],
    [{ ...signed, action: "disarm", policyId: `0x${"cd".repeat(32)}` }],
  ] as const)("is one of lifeline's own, by the owner's signature: %o", (request) => {
    const call = decodeEmergencyCall(encodeSponsoredCall(request));
    expect(call).toEqual({ action: request.action, account, authority: "signature" });
  });

  it.each([
    ["disarm_all", "epoch"],
    ["disarm", "policyId"],
  ] as const)("%s is refused without its %s", (action, field) => {
    expect(() => encodeSponsoredCall({ ...signed, action })).toThrow(`${field}: required`);
  });
});
