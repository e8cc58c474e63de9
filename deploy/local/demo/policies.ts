import { type Address, zeroAddress } from "viem";
import { USDC } from "./story.js";

const DAY = 86_400;

/** Payments to one recipient: at most 100 USDC each, 1,000 in any 24 hours, ten operations in any 24 hours. */
export function paymentsPolicy(token: Address, recipient: Address) {
  return {
    version: "session-policy/v1",
    rules: [
      {
        id: "pay",
        protocol: "erc20",
        target: token,
        fn: "transfer(address to,uint256 amount)",
        valueMax: "0",
        where: { op: "eq", path: "to", value: recipient },
        spends: [{ token, path: "amount", kind: "transfer" }],
      },
    ],
    budgets: [{ token, perOp: String(100n * USDC), perWindow: String(1_000n * USDC), windowSeconds: DAY }],
    rate: { max: 10, windowSeconds: DAY },
    follow: false,
  };
}

/** Deposits into one vault: at most 600 USDC each and in any 24 hours. */
export function depositsPolicy(token: Address, adapter: Address, vault: Address) {
  return {
    version: "session-policy/v1",
    rules: [
      {
        id: "deposit",
        protocol: "erc4626",
        target: adapter,
        fn: "deposit(address vault,uint256 assets)",
        valueMax: "0",
        where: { op: "eq", path: "vault", value: vault },
        spends: [{ token, path: "assets", kind: "transfer" }],
      },
    ],
    budgets: [{ token, perOp: String(600n * USDC), perWindow: String(600n * USDC), windowSeconds: DAY }],
    rate: { max: 10, windowSeconds: DAY },
    follow: false,
  };
}

/** Longs and shorts on one market, at most 200 USDC of collateral each; execution fees up to 0.01 each; price within 1 %. */
export function tradingPolicy(token: Address, adapter: Address, market: Address) {
  const rule = (id: string, fn: string, spends: readonly object[]) => ({
    id,
    protocol: "gmx",
    target: adapter,
    fn,
    valueMax: "0",
    where: {
      op: "and",
      of: [
        { op: "eq", path: "market", value: market },
        { op: "eq", path: "collateral", value: token },
      ],
    },
    spends: [...spends, { token: zeroAddress, path: "executionFee", kind: "transfer" }],
  });
  const position = "address market,address collateral,bool isLong";
  const open = `open(${position},uint256 collateralAmount,uint256 sizeDeltaUsd,uint256 acceptablePrice,uint256 executionFee)`;
  const close = `close(${position},uint256 acceptablePrice,uint256 executionFee)`;
  return {
    version: "session-policy/v1",
    rules: [rule("open", open, [{ token, path: "collateralAmount", kind: "transfer" }]), rule("close", close, [])],
    budgets: [
      { token, perOp: String(200n * USDC), perWindow: String(600n * USDC), windowSeconds: DAY },
      { token: zeroAddress, perOp: String(10n ** 16n), perWindow: String(10n ** 17n), windowSeconds: DAY },
    ],
    rate: { max: 10, windowSeconds: DAY },
    maxSlippageBps: 100,
    follow: false,
  };
}

/** Payments in a token the registry does not list yet; the session follows the registry. */
export function followingPolicy(token: Address, recipient: Address) {
  return { ...paymentsPolicy(token, recipient), follow: true };
}
