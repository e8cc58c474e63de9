import type { Address } from "viem";

/** Limit of one token in its smallest unit; token 0x0 is the native asset. */
export interface TokenLimit {
  readonly token: Address;
  readonly perOp: bigint;
  readonly perPeriod: bigint;
}

/** The part of the on-chain policy that counts; times in Unix seconds, windows in seconds. */
export interface Limits {
  readonly validAfter: bigint;
  readonly budgetWindow: bigint;
  readonly rateWindow: bigint;
  /** 0: no count limit. */
  readonly maxOps: number;
  readonly limits: readonly TokenLimit[];
}

/** What one call of an operation spends. */
export interface Spend {
  readonly token: Address;
  readonly amount: bigint;
}

/** An execution as the limits see it: each inner call of a batch is one operation and one entry of `spends` per token. */
export interface Operation {
  readonly operations: number;
  readonly spends: readonly Spend[];
}

/** Address in lower case: the key of every map of tokens. */
export function tokenKey(token: string): string {
  return token.toLowerCase();
}

/** The limit of `token`, or undefined when the policy has none (then nothing of it may be spent). */
export function limitOf(limits: Limits, token: string): TokenLimit | undefined {
  const key = tokenKey(token);
  return limits.limits.find((limit) => tokenKey(limit.token) === key);
}
