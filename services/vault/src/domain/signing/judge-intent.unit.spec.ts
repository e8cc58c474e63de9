import { encodeFunctionData, getAddress, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import type { ParsedIntent } from "#platform/intent/intent.js";
import { digestOf } from "#platform/intent/intent-digest.js";
import { ALICE, BOB, MODULE, NOT_BEFORE, USDC } from "#platform/session-policy/policy-document.builder.js";
import { armedPolicy, keyRecord } from "../session-key.builder.js";
import { checkBinding, ownDigest, spendingInsideFloor } from "./judge-intent.js";

const { policyId, floor } = armedPolicy();
const abi = parseAbi(["function transfer(address to,uint256 amount)"]);
const begin = BigInt(NOT_BEFORE);

function intent(over: Partial<ParsedIntent> = {}, to: `0x${string}` = ALICE, amount = 5n): ParsedIntent {
  const data = encodeFunctionData({ abi, functionName: "transfer", args: [to, amount] });
  const action = { kind: "call", call: { to: USDC, value: 0n, data } } as const;
  return { chainId: 31337n, module: MODULE, policyId, action, nonce: 0n, deadline: begin + 100n, ...over };
}

describe("the binding of an intent to its key", () => {
  it("holds for the key's own chain, module and policy, whatever the case of the module's address", () => {
    expect(() => checkBinding(intent(), keyRecord(), policyId)).not.toThrow();
    expect(() => checkBinding(intent({ module: getAddress(MODULE) }), keyRecord(), policyId)).not.toThrow();
  });

  it.each([
    ["CHAIN_MISMATCH", "intent.chain_id", intent({ chainId: 1n }), "1"],
    ["INTENT_MISMATCH", "intent.module", intent({ module: ALICE }), ALICE],
    ["INTENT_MISMATCH", "intent.policy_id", intent({ policyId: `0x${"ff".repeat(32)}` }), `0x${"ff".repeat(32)}`],
  ])("is refused with %s for another %s", (code, field, other, value) => {
    expect(() => checkBinding(other, keyRecord(), policyId)).toThrow(
      expect.objectContaining({ code, message: `${field}: is not what this key was made for`, details: { field, value } }),
    );
  });
});

describe("the vault's own reading of an intent", () => {
  it("gives the digest that the chain computes", () => {
    expect(ownDigest(intent())).toBe(digestOf(intent()));
    expect(ownDigest(intent())).not.toBe(ownDigest(intent({ nonce: 1n })));
  });

  it("gives what the calldata spends", () => {
    expect(spendingInsideFloor({ policyId, floor }, intent(), begin)).toEqual({ operations: 1, spends: [{ token: USDC, amount: 5n }] });
  });

  it("begins with the floor's first second and ends before its last", () => {
    const end = BigInt(floor.validUntil);
    expect(() => spendingInsideFloor({ policyId, floor }, intent(), end - 1n)).not.toThrow();
    expect(() => spendingInsideFloor({ policyId, floor }, intent(), begin - 1n)).toThrow(
      expect.objectContaining({ code: "NOT_YET_VALID", message: "the floor's window has not begun" }),
    );
    expect(() => spendingInsideFloor({ policyId, floor }, intent(), end)).toThrow(
      expect.objectContaining({ code: "EXPIRED", message: "the floor's window is over" }),
    );
  });

  it("refuses a recipient outside the floor and an amount above one operation's limit", () => {
    expect(() => spendingInsideFloor({ policyId, floor }, intent({}, BOB), begin)).toThrow(
      expect.objectContaining({ code: "FLOOR_EXCEEDED" }),
    );
    expect(() => spendingInsideFloor({ policyId, floor }, intent({}, ALICE, 500_000_001n), begin)).toThrow(
      expect.objectContaining({ code: "FLOOR_EXCEEDED", details: expect.objectContaining({ reason: "PER_OP_EXCEEDED" }) }),
    );
  });
});
