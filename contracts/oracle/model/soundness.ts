import type { Address } from "viem";
import type { Policy, TokenLimit } from "./policy.js";
import { Refusal } from "./refusal.js";

/** Numbers of the contract's PolicyFault. */
const FAULT = {
  key: 0,
  validityOrder: 1,
  validityTooLong: 2,
  alreadyExpired: 3,
  window: 4,
  maxOps: 5,
  limitTooLarge: 6,
  duplicateToken: 7,
  tooManyLimits: 8,
} as const;
const YEAR = 365 * 86_400;
const MAX_OPS = 10;
const MAX_LIMITS = 16;
const LARGEST_LIMIT = 2n ** 112n - 1n;
const NOBODY: Address = `0x${"00".repeat(20)}`;

/** What arming asks of a policy. */
export function requireSound(policy: Policy, epoch: number, now: number): void {
  if (policy.epoch !== epoch) throw new Refusal("StaleEpoch(uint32,uint32)", policy.epoch, epoch);
  if (policy.key === NOBODY || policy.key === policy.safe) throw fault("key");
  if (policy.validUntil <= policy.validAfter) throw fault("validityOrder");
  if (policy.validUntil - policy.validAfter > YEAR) throw fault("validityTooLong");
  if (policy.validUntil <= now) throw fault("alreadyExpired");
  if (policy.rateWindow === 0 || policy.budgetWindow === 0) throw fault("window");
  if (policy.maxOps > MAX_OPS) throw fault("maxOps");
  if (policy.limits.length > MAX_LIMITS) throw fault("tooManyLimits");
  for (const [index, limit] of policy.limits.entries()) requireSoundLimit(limit, policy.limits.slice(0, index));
}

function requireSoundLimit(limit: TokenLimit, before: readonly TokenLimit[]): void {
  if (limit.perPeriod > LARGEST_LIMIT) throw fault("limitTooLarge");
  if (before.some(({ token }) => token === limit.token)) throw fault("duplicateToken");
}

function fault(name: keyof typeof FAULT): Refusal {
  return new Refusal("BadPolicy(uint8)", FAULT[name]);
}
