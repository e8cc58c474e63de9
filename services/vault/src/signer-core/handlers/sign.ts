import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CoreContext } from "../core-context.js";
import { fromHex } from "../envelope/aead.js";
import { withSecretKey } from "../envelope/with-secret-key.js";
import { signDigest } from "../keys/secp256k1.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";

/**
 * Redeems an admission: opens the key of the row as it stands now, signs the digest that was judged, verifies, wipes.
 * @throws InterlockError FENCED when the row is not (any more) the one that was judged
 */
export async function sign(request: RequestOf<"sign">, context: CoreContext): Promise<ResultOf<"sign">> {
  const { record } = request;
  const admission = context.admissions.redeem(request.admissionId);
  const same = admission.keyRef === record.keyRef && admission.generation === record.generation && admission.floorHash === record.floorHash;
  if (!same) throw new InterlockError("FENCED", "the key changed after its request was judged");
  const signature = await withSecretKey(record, context.keks, (secret) => signDigest(secret, record.pubkey, fromHex(admission.digest)));
  return { signature };
}
