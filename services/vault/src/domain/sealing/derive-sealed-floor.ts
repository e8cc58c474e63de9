import type { Address } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { deriveFloor } from "#platform/session-policy/floor.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import type { KeyIdentity } from "../envelope/key-record.js";
import { checkOwners } from "./check-owners.js";
import type { SealRequest } from "./seal-request.js";
import type { SealedFloor } from "./sealed-floor.js";

/** Protocol labels of the deployment and their ids on chain. */
export type Protocols = Readonly<Record<string, number>>;

/**
 * The floor that the owners of `identity` signed: the vault compiles the document itself, compares the whole struct with what stands on
 * chain, and checks the owners' signatures over it. So whoever asks cannot widen anything.
 * @param keyAddress address of the key as the vault computed it
 * @throws InterlockError POLICY_MISMATCH, CHAIN_MISMATCH, VALIDATION_FAILED, OWNER_SIGNATURE_INVALID
 */
export async function deriveSealedFloor(
  identity: KeyIdentity,
  keyAddress: Address,
  request: SealRequest,
  protocols: Protocols,
): Promise<SealedFloor> {
  const { policy } = request;
  const document = parsePolicyDocument(request.document);
  const chainId = BigInt(identity.chainId);
  if (BigInt(document.chainId) !== chainId) {
    throw new InterlockError("CHAIN_MISMATCH", `document.chainId: must be ${chainId}`, {
      details: { field: "document.chainId", value: document.chainId },
    });
  }
  expectSame("policy.key", policy.key, keyAddress);
  expectSame("policy.safe", policy.safe, identity.account);
  expectSame("document.account", document.account, identity.account);
  const own = compilePolicy(document, { key: keyAddress, epoch: policy.epoch, rulesBefore: policy.rulesBefore, protocols }).policy;
  const id = policyId(own);
  // The id is the hash of every field of the struct.
  expectSame("policy", policyId(policy), id);
  const { module, account } = identity;
  const digest = armDigest({ chainId, module, policy: own, armNonce: request.armNonce, deadline: request.armDeadline });
  await checkOwners(safeMessageHash({ safe: account, chainId, digest }), request.signatures, identity.owners, identity.threshold);
  return { policyId: id, floor: deriveFloor(document, own, module) };
}

function expectSame(field: string, seen: string, own: string): void {
  if (seen.toLowerCase() === own.toLowerCase()) return;
  throw new InterlockError("POLICY_MISMATCH", `${field}: is not what the vault computed itself`, { details: { field, seen, own } });
}
