import { type Address, type Hex, hashTypedData } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { moduleDomain, OWNER_TYPES } from "#platform/intent/typed-data.js";
import { recoverOwner } from "#platform/safe/owner-signatures.js";
import type { SessionKey } from "../key/session-key.js";

export interface OwnerDisarm {
  /** One owner's signature of the module's Disarm type: the very one that `disarmWithSig` takes on chain. */
  readonly signature: Hex;
  readonly policyId: Hex;
  /** Unix seconds. */
  readonly deadline: bigint;
}

/**
 * An owner fixed at GENERATE asks to stop this key. Any one owner is enough: stopping narrows.
 * @throws InterlockError OWNER_SIGNATURE_INVALID, EXPIRED
 */
export async function checkOwnerDisarm({ record, sealed }: SessionKey, disarm: OwnerDisarm, now: bigint): Promise<Address> {
  if (sealed?.policyId !== disarm.policyId) {
    throw new InterlockError("OWNER_SIGNATURE_INVALID", "policy_id: is not the policy of this key", { details: { field: "policy_id" } });
  }
  if (disarm.deadline < now) {
    throw new InterlockError("EXPIRED", "deadline: has passed", { details: { field: "deadline", value: String(disarm.deadline) } });
  }
  const digest = hashTypedData({
    domain: moduleDomain(BigInt(record.chainId), record.module),
    types: OWNER_TYPES,
    primaryType: "Disarm",
    message: { safe: record.account, id: disarm.policyId, deadline: Number(disarm.deadline) },
  });
  const signer = (await recoverOwner(digest, disarm.signature)).toLowerCase();
  const owner = record.owners.find((one) => one === signer);
  if (owner !== undefined) return owner;
  throw new InterlockError("OWNER_SIGNATURE_INVALID", `${signer} is no owner of the account that this key was made for`, {
    details: { signer },
  });
}
