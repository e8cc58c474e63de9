import { InterlockError } from "#platform/errors/interlock-error.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import { UNSEALED_FLOOR } from "../../domain/envelope/key-record.js";
import { deriveSealedFloor } from "../../domain/sealing/derive-sealed-floor.js";
import { sealedFloorHash, sealedFloorText } from "../../domain/sealing/sealed-floor.js";
import type { CoreContext } from "../core-context.js";
import { fromHex } from "../envelope/aead.js";
import { sealKey } from "../envelope/seal-key.js";
import { withSecretKey } from "../envelope/with-secret-key.js";
import { uncompressed } from "../keys/secp256k1.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";
import { addressOf } from "./generate.js";

/**
 * Binds a floor to a key for ever: the key is encrypted anew with the floor's hash in its AAD, under a fresh data key.
 * @throws InterlockError ALREADY_SEALED; what deriveSealedFloor refuses; FENCED when the record does not open
 */
export async function seal(request: RequestOf<"seal">, context: CoreContext): Promise<ResultOf<"seal">> {
  const { record, document } = request;
  if (record.floorHash !== UNSEALED_FLOOR) throw new InterlockError("ALREADY_SEALED", "a floor is sealed for this key");
  const sealed = await deriveSealedFloor(
    record,
    addressOf(uncompressed(fromHex(record.pubkey))),
    {
      document,
      policy: policyFromMessage(request.policy),
      armNonce: BigInt(request.armNonce),
      armDeadline: BigInt(request.armDeadline),
      signatures: request.signatures,
    },
    context.library.protocols,
  );
  const floor = sealedFloorText(sealed);
  const floorHash = sealedFloorHash(floor);
  const resealed = await withSecretKey(record, context.keks, (secret) => sealKey(secret, identityOf(record), floorHash, context.keks));
  return { record: resealed, floor, policyId: sealed.policyId, policyHash: sealed.floor.policyHash };
}

function identityOf(record: RequestOf<"seal">["record"]) {
  const { keyRef, sessionId, account, chainId, module, owners, threshold, generation, pubkey } = record;
  return { keyRef, sessionId, account, chainId, module, owners, threshold, generation, pubkey };
}
