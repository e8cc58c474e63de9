import { encodeFunctionData, type Hex, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { emergencyAbi } from "./emergency-abi.js";
import { decodeEmergencyCall, EMERGENCY_ACTIONS, encodeEmergencyCall } from "./emergency-call.js";

const SAFE = "0x00000000000000000000000000000000000000aa";
const ID: Hex = `0x${"11".repeat(32)}`;

describe("an emergency call", () => {
  it.each(EMERGENCY_ACTIONS)("is read back as what was encoded: %s", (action) => {
    const call = decodeEmergencyCall(encodeEmergencyCall(action, SAFE, ID));
    expect(call).toMatchObject({ action, authority: "sender" });
    expect(call.account.toLowerCase()).toBe(SAFE);
  });

  it.each([
    ["close_all", encodeFunctionData({ abi: emergencyAbi, functionName: "emergencyCloseAllWithSig", args: [SAFE, 9, "0x1234"] })],
    ["disarm", encodeFunctionData({ abi: emergencyAbi, functionName: "disarmWithSig", args: [SAFE, ID, 9, "0x1234"] })],
    ["disarm_all", encodeFunctionData({ abi: emergencyAbi, functionName: "disarmAllWithSig", args: [SAFE, 0, 9, "0x1234"] })],
  ] as const)("that carries an owner's signature needs no owner as sender: %s", (action, data) => {
    expect(decodeEmergencyCall(data)).toMatchObject({ action, authority: "signature" });
  });

  it("needs a policy id to disarm one session", () => {
    expect(() => encodeEmergencyCall("disarm", SAFE)).toThrowError(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        message: "policyId: required for the action disarm",
        details: { field: "policyId", rule: "required" },
      }),
    );
  });

  it.each([
    ["an ERC-20 transfer", encodeFunctionData({ abi: parseAbi(["function transfer(address,uint256)"]), args: [SAFE, 1n] })],
    ["a view", encodeFunctionData({ abi: emergencyAbi, functionName: "epochOf", args: [SAFE] })],
    ["trailing bytes", `${encodeEmergencyCall("close_all", SAFE)}00` as Hex],
    [
      "dirty address bits",
      encodeEmergencyCall("close_all", SAFE)
        .replace("0x", "0x")
        .replace(/^(0x.{8})00/, "$101") as Hex,
    ],
    ["no calldata", "0x" as Hex],
  ])("is refused when it is %s", (_, data) => {
    expect(() => decodeEmergencyCall(data)).toThrowError(expect.objectContaining({ code: "FUNCTION_NOT_ALLOWED" }));
  });

  it("is refused with the selector that was seen", () => {
    const data = encodeFunctionData({ abi: parseAbi(["function transfer(address,uint256)"]), args: [SAFE, 1n] });
    expect(() => decodeEmergencyCall(data)).toThrowError(
      expect.objectContaining({
        message: "the transaction calls none of the emergency functions of the session module",
        details: { field: "data", rule: "an emergency function, canonically encoded", value: "0xa9059cbb" },
      }),
    );
  });
});
