import { type Address, type Hex, stringify } from "viem";
import { packSignatures } from "#platform/safe/owner-signatures.js";
import { safeMessageTypedData } from "#platform/safe/safe-message.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import type { GrantDraft } from "#proto/interlock/permissions/v1/permissions.js";
import type { Session } from "../domain/session-state.js";
import { recompile } from "./compile-grant.js";
import { armCalldata, armWithSigCalldata, asSafeTransaction } from "./module-calls.js";
import { isoTime } from "./session-message.js";
import type { ChainSetting } from "./setting.js";

export interface GrantView {
  readonly state: Session;
  readonly setting: ChainSetting;
  /** Nonce of the Safe's next transaction. */
  readonly safeNonce: bigint;
  readonly signatures: readonly { readonly owner: Address; readonly signature: Hex }[];
}

/** A grant as its owners see it: what it allows, what they sign, who has signed, and the calls that arm it. */
export function grantMessage({ state, setting, safeNonce, signatures }: GrantView): GrantDraft {
  const { key, grant } = state;
  const { policy, armDigest: digest, safeMessageHash: hash, document, policyId } = recompile(state, setting);
  const { chainId, module } = setting;
  const { safe } = policy;
  const typedData = safeMessageTypedData({ safe, chainId: BigInt(chainId), message: digest });
  const complete = signatures.length >= key.threshold;
  const enough = signatures.slice(0, key.threshold);
  return {
    sessionId: key.sessionId,
    account: key.account,
    chainId: key.chainId,
    keyAddress: key.keyAddress,
    policyHash: policy.policyHash,
    policyId,
    document,
    policy: policyToMessage(policy),
    module,
    armNonce: grant.armNonce,
    armDeadline: String(grant.armDeadline),
    armDigest: digest,
    safeMessageHash: hash,
    safeMessage: stringify(withDomainType(typedData)),
    owners: [...key.owners],
    threshold: key.threshold,
    signatures: signatures.map(({ owner }) => ({ owner, at: isoTime(state.signedBy.get(owner.toLowerCase())) })),
    armWithSigCalldata: complete ? armWithSigCalldata(policy, BigInt(grant.armNonce), grant.armDeadline, packSignatures(enough)) : "",
    armTransaction: asSafeTransaction({ safe, chainId, module, data: armCalldata(policy), nonce: safeNonce }),
    summary: grant.summary,
    warnings: [...grant.warnings],
    expiresAt: isoTime(grant.expiresAt),
  };
}

/** eth_signTypedData_v4 wants the domain's own type spelled out. */
function withDomainType({ types, ...rest }: ReturnType<typeof safeMessageTypedData>): object {
  const domain = [
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
  ];
  return { types: { EIP712Domain: domain, ...types }, ...rest };
}
