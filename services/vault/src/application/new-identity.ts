import type { Address } from "viem";
import { parseAddress, parseUint, refuseField } from "#platform/intent/field.js";
import { parseSessionId } from "#platform/kernel/ids.js";
import type { GenerateKeyRequest } from "#proto/interlock/vault/v1/vault.js";
import type { KeyIdentity } from "../domain/envelope/key-record.js";

/** The fence number every key begins with. */
const FIRST_GENERATION = 1;
const MAX_OWNERS = 64;

/**
 * What a key is to be bound to: addresses in lower case, owners ascending.
 * @throws InterlockError VALIDATION_FAILED naming the field
 */
export function newIdentity(request: GenerateKeyRequest, keyRef: string): Omit<KeyIdentity, "pubkey"> {
  const owners = request.owners.map((owner, i) => lower(parseAddress(`owners[${i}]`, owner))).toSorted();
  if (owners.length === 0 || owners.length > MAX_OWNERS) refuseField("owners", `must be 1 to ${MAX_OWNERS} addresses`, owners.length);
  if (new Set(owners).size !== owners.length) refuseField("owners", "must not name an owner twice", owners.join(","));
  if (request.threshold < 1 || request.threshold > owners.length) {
    refuseField("threshold", `must be 1 to ${owners.length}, the number of owners`, request.threshold);
  }
  return {
    keyRef,
    sessionId: parseSessionId(request.sessionId),
    account: lower(parseAddress("account", request.account)),
    chainId: String(parseUint("chain_id", request.chainId, 64)),
    module: lower(parseAddress("module", request.module)),
    owners,
    threshold: request.threshold,
    generation: FIRST_GENERATION,
  };
}

/** True when `identity` is what was asked for the first time. */
export function isSameIdentity(identity: KeyIdentity, asked: Omit<KeyIdentity, "pubkey">): boolean {
  const text = ({ sessionId, account, chainId, module, owners, threshold }: Omit<KeyIdentity, "pubkey">) =>
    [sessionId, account, chainId, module, ...owners, threshold].join(" ");
  return text(identity) === text(asked);
}

function lower(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`;
}
