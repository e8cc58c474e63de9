import type pg from "pg";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { parseBytes, parseUint, refuseField } from "#platform/intent/field.js";
import { policyHash } from "#platform/session-policy/canonical.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type { SealFloorRequest, SealFloorResponse } from "#proto/interlock/vault/v1/vault.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import { keySealed } from "../domain/key/key-events.js";
import { checkLives, type SessionKey } from "../domain/key/session-key.js";
import { keyMetadata, keyStream } from "./key-stream.js";
import { parseKeyRef } from "./parse-key-ref.js";
import type { Refusals } from "./refusals.js";
import { requireKey } from "./require-key.js";

const MAX_SIGNATURE_BYTES = 64 * 65;

/** ARM: seals what the owners signed as the key's floor, once. All judging is signer-core's. */
export class SealFloor {
  constructor(
    private readonly keys: KeyRepository,
    private readonly store: EventStore,
    private readonly core: CoreClient,
    private readonly refusals: Refusals,
  ) {}

  /** @throws InterlockError OWNER_SIGNATURE_INVALID, POLICY_MISMATCH, CHAIN_MISMATCH, ALREADY_SEALED, FENCED, VALIDATION_FAILED */
  async run(request: SealFloorRequest): Promise<SealFloorResponse> {
    const keyRef = parseKeyRef(request.keyRef);
    try {
      return await this.store.withTransaction((tx) => this.#seal(tx, keyRef, request));
    } catch (error) {
      await this.refusals.record(keyRef, "seal", error);
      throw error;
    }
  }

  async #seal(tx: pg.PoolClient, keyRef: string, request: SealFloorRequest): Promise<SealFloorResponse> {
    const key = requireKey(await this.keys.lock(tx, keyRef), keyRef);
    checkLives(key);
    if (key.sealed !== undefined) return repeated(key, key.sealed, request);
    const { policy, document } = request;
    if (policy === undefined) refuseField("policy", "is required", "");
    const result = await this.core.call("seal", {
      record: key.record,
      document,
      policy,
      armNonce: String(parseUint("arm_nonce", request.armNonce, 256)),
      armDeadline: String(parseUint("arm_deadline", request.armDeadline, 48)),
      signatures: parseBytes("signatures", request.signatures, MAX_SIGNATURE_BYTES),
    });
    const { record, floor } = result;
    const sealed = { floor, policyId: result.policyId, policyHash: result.policyHash };
    const event = keySealed(key, sealed, record.floorHash);
    const { lastVersion } = await this.store.append(
      keyStream(keyRef),
      key.streamVersion,
      [event],
      keyMetadata(record, record.sessionId),
      tx,
    );
    await this.keys.seal(tx, record, sealed, lastVersion);
    return { floorHash: record.floorHash, policyId: sealed.policyId, alreadySealed: false };
  }
}

/** The same policy again changes nothing and says so. */
function repeated(key: SessionKey, sealed: NonNullable<SessionKey["sealed"]>, request: SealFloorRequest): SealFloorResponse {
  const sameDocument = policyHash(parsePolicyDocument(request.document)) === sealed.policyHash;
  const samePolicy = policyId(policyFromMessage(request.policy)) === sealed.policyId;
  if (sameDocument && samePolicy) return { floorHash: key.record.floorHash, policyId: sealed.policyId, alreadySealed: true };
  throw new InterlockError("ALREADY_SEALED", "another floor is sealed for this key", { details: { policyId: sealed.policyId } });
}
