import type { OnchainPolicy } from "#proto/interlock/common/v1/common.js";
import { InterlockError } from "../errors/interlock-error.js";
import { parseAddress, parseBytes32, parseUint, parseUintNumber } from "../intent/field.js";
import type { OnchainPolicyStruct } from "./onchain-policy.js";

/** The struct as the wire message: integers as decimal strings. */
export function policyToMessage(policy: OnchainPolicyStruct): OnchainPolicy {
  return {
    safe: policy.safe,
    key: policy.key,
    validAfter: String(policy.validAfter),
    validUntil: String(policy.validUntil),
    rateWindow: String(policy.rateWindow),
    maxOps: policy.maxOps,
    budgetWindow: String(policy.budgetWindow),
    epoch: String(policy.epoch),
    rulesBefore: String(policy.rulesBefore),
    protocolMask: String(policy.protocolMask),
    scopeRoot: policy.scopeRoot,
    maxSlippageBps: policy.maxSlippageBps,
    policyHash: policy.policyHash,
    limits: policy.limits.map(({ token, perOp, perPeriod }) => ({ token, perOp: String(perOp), perPeriod: String(perPeriod) })),
  };
}

/**
 * The struct in a wire message, each field checked against the width it has on chain.
 * @throws InterlockError VALIDATION_FAILED naming the field.
 */
export function policyFromMessage(message: OnchainPolicy | undefined | null, field = "policy"): OnchainPolicyStruct {
  if (message === undefined || message === null) {
    throw new InterlockError("VALIDATION_FAILED", `${field}: is required`, { details: { field, rule: "is required", value: "" } });
  }
  return {
    safe: parseAddress(`${field}.safe`, message.safe),
    key: parseAddress(`${field}.key`, message.key),
    validAfter: parseUintNumber(`${field}.valid_after`, message.validAfter, 40),
    validUntil: parseUintNumber(`${field}.valid_until`, message.validUntil, 40),
    rateWindow: parseUintNumber(`${field}.rate_window`, message.rateWindow, 32),
    maxOps: parseUintNumber(`${field}.max_ops`, String(message.maxOps), 8),
    budgetWindow: parseUintNumber(`${field}.budget_window`, message.budgetWindow, 32),
    epoch: parseUintNumber(`${field}.epoch`, message.epoch, 32),
    rulesBefore: parseUintNumber(`${field}.rules_before`, message.rulesBefore, 40),
    protocolMask: parseUint(`${field}.protocol_mask`, message.protocolMask, 256),
    scopeRoot: parseBytes32(`${field}.scope_root`, message.scopeRoot),
    maxSlippageBps: parseUintNumber(`${field}.max_slippage_bps`, String(message.maxSlippageBps), 16),
    policyHash: parseBytes32(`${field}.policy_hash`, message.policyHash),
    limits: (message.limits ?? []).map((limit, i) => ({
      token: parseAddress(`${field}.limits[${i}].token`, limit.token),
      perOp: parseUint(`${field}.limits[${i}].per_op`, limit.perOp, 128),
      perPeriod: parseUint(`${field}.limits[${i}].per_period`, limit.perPeriod, 128),
    })),
  };
}
