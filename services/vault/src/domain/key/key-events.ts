import type { NewEvent } from "#platform/event-store/types.js";
import type { JsonObject } from "#platform/kernel/json.js";
import { attestationKindOf, custodyOf } from "../envelope/attestation-kind.js";
import type { SessionKey } from "./session-key.js";

/** What every event of a key says; never ciphertext, tickets or signatures. */
function about({ record, generation }: Pick<SessionKey, "record" | "generation">): JsonObject {
  const { account, chainId, sessionId, keyRef, provider } = record;
  return { account, chainId, sessionId, keyRef, generation: String(generation), attestationKind: attestationKindOf(provider) };
}

/** A key was made. */
export function keyGenerated(key: SessionKey): NewEvent {
  const { owners, threshold, module, kekVersion, provider } = key.record;
  const data = { ...about(key), address: key.address, module, owners: [...owners], threshold, kekVersion: String(kekVersion), provider };
  return { type: "key.generated.v1", data: { ...data, custody: custodyOf(provider) } };
}

/** The owners' policy was sealed as the key's floor. */
export function keySealed(key: SessionKey, sealed: NonNullable<SessionKey["sealed"]>, floorHash: string): NewEvent {
  const { policyId, policyHash } = sealed;
  return { type: "key.sealed.v1", data: { ...about(key), policyId, policyHash, floorHash } };
}

/** A request passed every rule and was counted; its signature may be handed out from now on. */
export function keySigned(key: SessionKey, facts: JsonObject): NewEvent {
  return { type: "key.signed.v1", data: { ...about(key), ...facts } };
}

/** A request to sign was refused with a row of the error table. */
export function keyRefused(key: SessionKey, code: string, facts: JsonObject): NewEvent {
  return { type: "key.refused.v1", data: { ...about(key), code, ...facts } };
}

/** The key was fenced and destroyed. */
export function keyDisarmed(key: SessionKey, facts: JsonObject): NewEvent {
  return { type: "key.disarmed.v1", data: { ...about(key), ...facts } };
}
