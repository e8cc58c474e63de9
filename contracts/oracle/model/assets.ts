import { type Address, decodeAbiParameters, slice, toFunctionSelector } from "viem";
import type { Call } from "./call.js";
import { errorData, Refusal } from "./refusal.js";
import { selectorOf } from "./registry.js";

/** What the Safe holds at the vault, and which allowances it gave. Its token balances are far above anything a test spends. */
export interface Assets {
  readonly shares: bigint;
  /** Allowances by `token:spender`. */
  readonly allowances: ReadonlyMap<string, bigint>;
}

export const NO_ASSETS: Assets = { shares: 0n, allowances: new Map() };

const APPROVE = toFunctionSelector("approve(address,uint256)");
const DEPOSIT = toFunctionSelector("deposit(uint256,address)");
const REDEEM = toFunctionSelector("redeem(uint256,address,address)");

export interface Market {
  readonly vault: Address;
  readonly asset: Address;
  readonly safe: Address;
}

/** What one call of the Safe does to its assets; OpenZeppelin's ERC-20 and ERC-4626 at 1:1. Other calls change nothing here. */
export function act(market: Market, assets: Assets, { to, value, data }: Call): Assets {
  const selector = selectorOf(data);
  if (selector === APPROVE) {
    const [spender, amount] = decodeAbiParameters([{ type: "address" }, { type: "uint256" }], slice(data, 4));
    return { ...assets, allowances: new Map(assets.allowances).set(`${to}:${spender.toLowerCase()}`, amount) };
  }
  if (to !== market.vault) return assets;
  // Nothing of the vault takes the native asset.
  if (value !== 0n) throw new Refusal("CallFailed(bytes)", "0x");
  if (selector === DEPOSIT) {
    const [amount, receiver] = decodeAbiParameters([{ type: "uint256" }, { type: "address" }], slice(data, 4));
    return deposit(market, assets, amount, receiver.toLowerCase() === market.safe);
  }
  if (selector === REDEEM) return redeem(market, assets, decodeAbiParameters([{ type: "uint256" }], slice(data, 4))[0]);
  return assets;
}

export function allowanceOf(assets: Assets, token: Address, spender: Address): bigint {
  return assets.allowances.get(`${token}:${spender}`) ?? 0n;
}

function deposit({ vault, asset }: Market, assets: Assets, amount: bigint, own: boolean): Assets {
  const allowed = allowanceOf(assets, asset, vault);
  if (allowed < amount) throw callFailed("ERC20InsufficientAllowance(address,uint256,uint256)", vault, allowed, amount);
  const shares = own ? assets.shares + amount : assets.shares;
  return { shares, allowances: new Map(assets.allowances).set(`${asset}:${vault}`, allowed - amount) };
}

function redeem({ safe }: Market, assets: Assets, shares: bigint): Assets {
  if (shares > assets.shares) throw callFailed("ERC4626ExceededMaxRedeem(address,uint256,uint256)", safe, shares, assets.shares);
  return { ...assets, shares: assets.shares - shares };
}

/** The target's own refusal, as the module hands it on. */
function callFailed(signature: string, ...args: readonly unknown[]): Refusal {
  return new Refusal("CallFailed(bytes)", errorData(signature, args));
}
