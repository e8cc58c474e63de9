import type { Address, Hex } from "viem";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { canonicalDocument } from "#platform/session-policy/canonical.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { type OnchainPolicyStruct, policyId } from "#platform/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import type { PolicyData } from "../domain/policy-data.js";
import type { Session } from "../domain/session-state.js";
import type { ChainSetting } from "./setting.js";

export interface GrantTerms {
  /** Complete session-policy/v1 document. */
  readonly document: string;
  readonly key: Address;
  readonly epoch: number;
  /** Newest registry rule that counts, Unix seconds. */
  readonly rulesBefore: number;
  readonly armNonce: bigint;
  /** Unix seconds. */
  readonly armDeadline: number;
}

export interface CompiledGrant {
  /** Canonical JSON. */
  readonly document: string;
  readonly policy: OnchainPolicyStruct;
  readonly policyId: Hex;
  readonly armDigest: Hex;
  readonly safeMessageHash: Hex;
}

/** The document as the chain will know it, and what the owners sign. Equal terms give an equal grant. @throws InterlockError VALIDATION_FAILED */
export function compileGrant(terms: GrantTerms, setting: ChainSetting): CompiledGrant {
  const parsed = parsePolicyDocument(terms.document);
  const { key, epoch, rulesBefore } = terms;
  const { policy } = compilePolicy(parsed, { key, epoch, rulesBefore, protocols: setting.protocols });
  const chainId = BigInt(setting.chainId);
  const message = { chainId, module: setting.module, policy, armNonce: terms.armNonce, deadline: BigInt(terms.armDeadline) };
  const digest = armDigest(message);
  return {
    document: canonicalDocument(parsed),
    policy,
    policyId: policyId(policy),
    armDigest: digest,
    safeMessageHash: safeMessageHash({ safe: policy.safe, chainId, digest }),
  };
}

/** The grant of a session compiled anew from its document: what the chain is compared with, never what a client sent. */
export function recompile(state: Session, setting: ChainSetting): CompiledGrant {
  const { document, policy, armNonce, armDeadline } = state.grant;
  const terms = { document, epoch: Number(policy.epoch), rulesBefore: Number(policy.rulesBefore), armNonce: BigInt(armNonce), armDeadline };
  return compileGrant({ ...terms, key: `0x${state.key.keyAddress.slice(2)}` }, setting);
}

/** The struct as events hold it: addresses in lower case. */
export function policyDataOf(policy: OnchainPolicyStruct): PolicyData {
  const message = policyToMessage(policy);
  return {
    ...message,
    safe: message.safe.toLowerCase(),
    key: message.key.toLowerCase(),
    limits: message.limits.map((limit) => ({ ...limit, token: limit.token.toLowerCase() })),
  };
}
