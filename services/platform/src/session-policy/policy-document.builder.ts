import { zeroAddress } from "viem";
import type { Condition } from "./condition-schema.js";
import { parsePolicyDocument } from "./parse.js";
import type { PolicyDocument } from "./schema.js";

/** Addresses the builder uses; real-looking, all different. */
export const ACCOUNT = "0x00000000000000000000000000000000000000a1";
export const USDC = "0x00000000000000000000000000000000000000c1";
export const ALICE = "0x00000000000000000000000000000000000000d1";
export const BOB = "0x00000000000000000000000000000000000000d2";
export const VAULT_ADAPTER = "0x00000000000000000000000000000000000000e1";
export const GMX_ADAPTER = "0x00000000000000000000000000000000000000e3";
export const MARKET = "0x00000000000000000000000000000000000000e4";
export const VAULT = "0x00000000000000000000000000000000000000e2";
export const KEY = "0x00000000000000000000000000000000000000f1";
export const MODULE = "0x00000000000000000000000000000000000000b1";
export const NOT_BEFORE = 1_800_000_000;
export const PROTOCOLS = { erc20: 1, erc4626: 2, other: 3 };

export const TO_ALICE: Condition = { op: "eq", path: "to", value: ALICE };

/** A rule as an author writes it. */
export function transferRule(over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: "pay",
    protocol: "erc20",
    target: USDC,
    fn: "transfer(address to,uint256 amount)",
    where: TO_ALICE,
    spends: [{ token: USDC, path: "amount", kind: "transfer" }],
    ...over,
  };
}

/** Deposit into VAULT through the adapter. */
export function depositRule(over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: "save",
    protocol: "erc4626",
    target: VAULT_ADAPTER,
    fn: "deposit(address vault,uint256 assets)",
    where: { op: "eq", path: "vault", value: VAULT },
    spends: [{ token: USDC, path: "assets", kind: "transfer" }],
    ...over,
  };
}

/** Closing positions on MARKET through the adapter. */
export function closeRule(over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: "close",
    protocol: "gmx",
    target: GMX_ADAPTER,
    fn: "close(address market,address collateral,bool isLong,uint256 acceptablePrice,uint256 executionFee)",
    where: { op: "eq", path: "market", value: MARKET },
    spends: [{ token: zeroAddress, path: "executionFee", kind: "transfer" }],
    ...over,
  };
}

/** 10 operations and 2,000 USDC in 24 h, 500 USDC at a time, to Alice, for 30 days. */
export function draftDocument(over: Readonly<Record<string, unknown>> = {}) {
  return {
    version: "session-policy/v1",
    chainId: 31337,
    account: ACCOUNT,
    notBefore: NOT_BEFORE,
    notAfter: NOT_BEFORE + 30 * 86_400,
    rules: [transferRule()],
    budgets: [{ token: USDC, perOp: "500000000", perWindow: "2000000000", windowSeconds: 86_400 }],
    rate: { max: 10, windowSeconds: 86_400 },
    ...over,
  };
}

/** The parsed form of draftDocument. */
export function policyDocument(over: Readonly<Record<string, unknown>> = {}): PolicyDocument {
  return parsePolicyDocument(JSON.stringify(draftDocument(over)));
}
