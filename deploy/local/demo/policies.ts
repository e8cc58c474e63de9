import type { Address } from "viem";
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
