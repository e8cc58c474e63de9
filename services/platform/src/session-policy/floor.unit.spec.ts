import { encodeFunctionData, getAddress, type Hex, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import type { ParsedAction } from "../intent/intent.js";
import { compilePolicy } from "./compile.js";
import { deriveFloor } from "./floor.js";
import { floorLimits, floorOperation } from "./floor-operation.js";
import {
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

const approve = {
  id: "allow",
  protocol: "erc20",
  target: USDC,
  fn: "approve(address spender,uint256 amount)",
  where: { op: "eq", path: "spender", value: ALICE },
  spends: [{ token: USDC, path: "amount", kind: "approve" }],
};
const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(bytes data)", valueMax: "7" };
const document = policyDocument({ rules: [transferRule(), depositRule(), approve, poke] });
const { policy } = compilePolicy(document, { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS });
const floor = deriveFloor(document, policy, MODULE);
const abi = parseAbi([
  "function transfer(address,uint256)",
  "function approve(address,uint256)",
  "function deposit(address,uint256)",
  "function poke(bytes)",
]);
const transfer = encodeFunctionData({ abi, functionName: "transfer", args: [ALICE, 5n] });
const call = (data: Hex, value = 0n, to: string = USDC): ParsedAction => ({ kind: "call", call: { to: getAddress(to), value, data } });

describe("the floor", () => {
  it("survives JSON, in which it is sealed", () => {
    expect(JSON.parse(JSON.stringify(floor))).toEqual(floor);
  });
  it("has the policy's limits", () => {
    expect(floorLimits(floor)).toEqual({
      validAfter: BigInt(NOT_BEFORE),
      budgetWindow: 86_400n,
      rateWindow: 86_400n,
      maxOps: 10,
      limits: [{ token: USDC, perOp: 500_000_000n, perPeriod: 2_000_000_000n }],
    });
  });
  it("counts a transfer", () => {
    expect(floorOperation(floor, call(transfer))).toEqual({ operations: 1, spends: [{ token: USDC, amount: 5n }] });
  });
  it("counts every call of a batch, approvals too", () => {
    const data = encodeFunctionData({ abi, functionName: "approve", args: [ALICE, 9n] });
    const calls = [data, transfer].map((one) => ({ to: getAddress(USDC), value: 0n, data: one }));
    const spends = [9n, 5n].map((amount) => ({ token: USDC, amount }));
    expect(floorOperation(floor, { kind: "batch", calls })).toEqual({ operations: 2, spends });
  });
  it("counts an adapter operation", () => {
    const args = encodeFunctionData({ abi, functionName: "deposit", args: [VAULT, 8n] });
    const action: ParsedAction = { kind: "adapter", adapter: getAddress(VAULT_ADAPTER), args };
    expect(floorOperation(floor, action)).toEqual({ operations: 1, spends: [{ token: USDC, amount: 8n }] });
    expect(() => floorOperation(floor, call(args, 0n, VAULT_ADAPTER))).toThrow("target and function are not in the floor");
  });
  it("counts native value up to the rule's limit", () => {
    const data = encodeFunctionData({ abi, functionName: "poke", args: ["0x01"] });
    expect(floorOperation(floor, call(data, 7n, VAULT)).spends).toEqual([
      { token: "0x0000000000000000000000000000000000000000", amount: 7n },
    ]);
    expect(() => floorOperation(floor, call(data, 8n, VAULT))).toThrow("the value must be at most 7 wei");
  });
  it.each<[string, ParsedAction, string]>([
    ["another target", call(transfer, 0n, BOB), "target and function are not in the floor"],
    ["another function", call("0xdeadbeef"), "target and function are not in the floor"],
    [
      "another recipient",
      call(encodeFunctionData({ abi, functionName: "transfer", args: [BOB, 5n] })),
      "the recipient is not in the floor",
    ],
    ["dirty bits in the recipient", call(`${transfer.slice(0, 10)}01${transfer.slice(12)}` as Hex), "the recipient is not in the floor"],
    ["calldata cut short", call(transfer.slice(0, 60) as Hex), "the recipient is not in the floor"],
    ["bytes at the end", call(`${transfer}00`), "the calldata must be 68 bytes"],
    ["no amount", call(transfer.slice(0, 74) as Hex), "the calldata must be 68 bytes"],
    ["value with a transfer", call(transfer, 1n), "the value must be at most 0 wei"],
    [
      "an approval alone",
      call(encodeFunctionData({ abi, functionName: "approve", args: [ALICE, 5n] })),
      "an approval must be part of a batch",
    ],
  ])("refuses %s", (_what, action, why) => {
    expect(() => floorOperation(floor, action)).toThrow(
      expect.objectContaining({ code: "FLOOR_EXCEEDED", message: expect.stringContaining(why) }),
    );
  });
});
