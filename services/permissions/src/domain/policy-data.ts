import { z } from "zod";
import type { Limits } from "#platform/limits/limits.js";
import { address, bytes32, decimal } from "./fields.js";

const tokenLimit = z.object({ token: address, perOp: decimal, perPeriod: decimal });

/** The on-chain Policy struct as an event holds it: the shape of `interlock.common.v1.OnchainPolicy`, addresses in lower case. */
export const policyData = z.object({
  safe: address,
  key: address,
  validAfter: decimal,
  validUntil: decimal,
  rateWindow: decimal,
  maxOps: z.int().min(0).max(10),
  budgetWindow: decimal,
  epoch: decimal,
  rulesBefore: decimal,
  protocolMask: decimal,
  scopeRoot: bytes32,
  maxSlippageBps: z.int().min(0).max(65_535),
  policyHash: bytes32,
  limits: z.array(tokenLimit),
});
export type PolicyData = z.infer<typeof policyData>;

/** The part of the policy that counts operations and spending. */
export function limitsOf(policy: PolicyData): Limits {
  return {
    validAfter: BigInt(policy.validAfter),
    budgetWindow: BigInt(policy.budgetWindow),
    rateWindow: BigInt(policy.rateWindow),
    maxOps: policy.maxOps,
    limits: policy.limits.map(({ token, perOp, perPeriod }) => ({
      token: hex(token),
      perOp: BigInt(perOp),
      perPeriod: BigInt(perPeriod),
    })),
  };
}

/** `0x` text as viem's type; the schemas above have checked the prefix. */
export function hex(text: string): `0x${string}` {
  return `0x${text.slice(2)}`;
}
