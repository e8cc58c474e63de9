import { type Address, decodeAbiParameters, encodeFunctionData, type Hex, parseAbi, slice, toFunctionSelector } from "viem";
import type { Market } from "./assets.js";
import type { Call } from "./call.js";
import { Refusal } from "./refusal.js";
import { selectorOf } from "./registry.js";

/** What the vault adapter makes of its typed fields. */
export interface Built {
  readonly calls: readonly Call[];
  readonly token: Address;
  readonly amount: bigint;
}

const DEPOSIT = toFunctionSelector("deposit(address,uint256)");
const NATIVE: Address = `0x${"00".repeat(20)}`;
const abi = parseAbi([
  "function approve(address spender, uint256 amount)",
  "function deposit(uint256 assets, address receiver)",
  "function redeem(uint256 shares, address receiver, address owner)",
]);

/** Typed deposit and redeem with receiver = owner = Safe; a deposit spends its assets, a redeem nothing. */
export function buildVaultOperation({ vault, asset, safe }: Market, args: Hex): Built {
  const [named, quantity] = decodeAbiParameters([{ type: "address" }, { type: "uint256" }], slice(args, 4));
  const target: Address = `0x${named.slice(2).toLowerCase()}`;
  if (selectorOf(args) !== DEPOSIT) {
    if (target === safe) throw new Refusal("SelfCall(address)", safe);
    const data = encodeFunctionData({ abi, functionName: "redeem", args: [quantity, safe, safe] });
    return { calls: [{ to: target, value: 0n, data }], token: NATIVE, amount: 0n };
  }
  // What is no vault does not tell its asset.
  if (target !== vault) throw new Refusal("");
  const approve = encodeFunctionData({ abi, functionName: "approve", args: [target, quantity] });
  const deposit = encodeFunctionData({ abi, functionName: "deposit", args: [quantity, safe] });
  return {
    calls: [
      { to: asset, value: 0n, data: approve },
      { to: target, value: 0n, data: deposit },
    ],
    token: asset,
    amount: quantity,
  };
}
