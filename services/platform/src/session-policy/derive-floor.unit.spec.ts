import { encodeFunctionData, getAddress, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { policyHash } from "./canonical.js";
import { compilePolicy } from "./compile.js";
import { deriveFloor, type Floor } from "./floor.js";
import { floorOperation } from "./floor-operation.js";
import {
  ACCOUNT,
  ALICE,
  BOB,
  depositRule,
  KEY,
  MODULE,
  NOT_BEFORE,
  PROTOCOLS,
  policyDocument,
  transferRule,
  USDC,
  VAULT,
  VAULT_ADAPTER,
} from "./policy-document.builder.js";

/** The floor of a document, derived inside the test that judges it. */
function floorOf(over: Readonly<Record<string, unknown>>): Floor {
  const document = policyDocument(over);
  const { policy } = compilePolicy(document, { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS });
  return deriveFloor(document, policy, MODULE);
}

describe("the floor that is sealed", () => {
  it("holds the policy's account, key, window, rate, budgets and hash, and nothing else", () => {
    const { rules: _rules, ...rest } = floorOf({});
    expect(rest).toEqual({
      version: "floor/v1",
      chainId: "31337",
      module: MODULE,
      account: ACCOUNT,
      key: getAddress(KEY),
      validAfter: NOT_BEFORE,
      validUntil: NOT_BEFORE + 30 * 86_400,
      maxOps: 10,
      rateWindow: 86_400,
      budgetWindow: 86_400,
      limits: [{ token: USDC, perOp: "500000000", perPeriod: "2000000000" }],
      policyHash: policyHash(policyDocument()),
    });
  });

  it("has each rule's target, function, recipients, value and amounts as words", () => {
    const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(bytes data)", valueMax: "7" };
    expect(floorOf({ rules: [transferRule(), depositRule(), poke] }).rules).toEqual([
      {
        id: "pay",
        target: USDC,
        selector: "0xa9059cbb",
        adapter: false,
        exactLength: 68,
        recipient: { word: 0, allowed: [ALICE] },
        valueMax: "0",
        spends: [{ token: USDC, word: 1, kind: "transfer" }],
      },
      {
        id: "save",
        target: VAULT_ADAPTER,
        selector: "0x47e7ef24",
        adapter: true,
        exactLength: 68,
        recipient: { word: 0, allowed: [VAULT] },
        valueMax: "0",
        spends: [{ token: USDC, word: 1, kind: "transfer" }],
      },
      { id: "poke", target: VAULT, selector: "0xf29e3733", adapter: false, exactLength: null, recipient: null, valueMax: "7", spends: [] },
    ]);
  });

  it("refuses a document whose meaning is broken, as parsing does", () => {
    const document = { ...policyDocument(), notAfter: NOT_BEFORE - 1 };
    const { policy } = compilePolicy(policyDocument(), { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS });
    expect(() => deriveFloor(document, policy, MODULE)).toThrow(/notAfter/);
  });

  it("refuses a recipient it does not name, a word that is no address, and calldata without one", () => {
    const floor = floorOf({});
    const abi = parseAbi(["function transfer(address,uint256)"]);
    const to = getAddress(USDC);
    const judge = (data: `0x${string}`) => () => floorOperation(floor, { kind: "call", call: { to, value: 0n, data } });
    const good = encodeFunctionData({ abi, functionName: "transfer", args: [ALICE, 5n] });
    expect(judge(good)()).toMatchObject({ operations: 1 });
    expect(judge(encodeFunctionData({ abi, functionName: "transfer", args: [BOB, 5n] }))).toThrow(/recipient/);
    expect(judge(`0x${good.slice(2, 10)}01${good.slice(12)}`)).toThrow(/recipient/);
    expect(judge("0xa9059cbb")).toThrow(/recipient/);
    expect(judge(`0x${good.slice(2, 72)}`)).toThrow(/recipient/);
  });
});
