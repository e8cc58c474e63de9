import type { Address } from "viem";
import type { Policy } from "./policy.js";
import { Refusal } from "./refusal.js";

/** What a session spent, by token and by bucket number. */
export type Spent = ReadonlyMap<string, bigint>;

const slot = (token: Address, bucket: number) => `${token}:${bucket}`;

/** Buckets of `budgetWindow` counted from validAfter. */
function bucketAt(policy: Policy, now: number): number {
  return Math.floor((now - policy.validAfter) / policy.budgetWindow);
}

/** What the budget of `token` still admits: the limit less what this bucket and the one before it hold. 0 without a limit. */
export function budgetLeft(policy: Policy, spent: Spent, token: Address, now: number): bigint {
  const limit = policy.limits.find((one) => one.token === token);
  if (limit === undefined) return 0n;
  const bucket = bucketAt(policy, now);
  return limit.perPeriod - (spent.get(slot(token, bucket)) ?? 0n) - (spent.get(slot(token, bucket - 1)) ?? 0n);
}

/** Spends `amount`; spending nothing needs no limit. */
export function spend(policy: Policy, spent: Spent, token: Address, amount: bigint, now: number): Spent {
  if (amount === 0n) return spent;
  const limit = policy.limits.find((one) => one.token === token);
  if (limit === undefined) throw new Refusal("TokenNotInScope(address)", token);
  if (amount > limit.perOp) throw new Refusal("PerOpExceeded(address,uint256,uint256)", token, amount, limit.perOp);
  const left = budgetLeft(policy, spent, token, now);
  if (amount > left) throw new Refusal("LimitExceeded(address,uint256,uint256)", token, amount, left);
  const key = slot(token, bucketAt(policy, now));
  return new Map(spent).set(key, (spent.get(key) ?? 0n) + amount);
}
