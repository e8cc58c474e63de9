import { createRequire } from "node:module";
import type * as Secp256k1 from "secp256k1";
import { wireIntent } from "../../../services/vault/src/application/wire-intent.js";
import { fromHex } from "../../../services/vault/src/signer-core/envelope/aead.js";
import { withSecretKey } from "../../../services/vault/src/signer-core/envelope/with-secret-key.js";
import { admit } from "../../../services/vault/src/signer-core/handlers/admit.js";
import { sign } from "../../../services/vault/src/signer-core/handlers/sign.js";
import { signDigest } from "../../../services/vault/src/signer-core/keys/secp256k1.js";

const { ecdsaSign }: typeof Secp256k1 = createRequire(import.meta.url)("secp256k1/bindings");

import { localCore } from "../../../services/vault/test/support/local-core.js";

/** signer-core's own code in this process, with a sealed key and requests as relay brings them. */
export async function coreArms() {
  const { context, session, record, floor } = await localCore();
  const { keks } = context;
  const digest = `0x${"5a".repeat(32)}` as const;
  return {
    digest,
    /** Unwrap and sign: what the other path does, no more. */
    decryptSign: () => withSecretKey(record, keks, (secret) => ecdsaSign(fromHex(digest), secret).signature),
    /** The same with the check that the signature verifies before it is let out. */
    decryptSignVerify: () => withSecretKey(record, keks, (secret) => signDigest(secret, record.pubkey, fromHex(digest))),
    /** Requests with fresh tickets; made outside of what is measured. */
    requests: async (count: number) => {
      const made = [];
      for (let i = 0; i < count; i += 1) {
        const { intent, decision, authorization } = await session.signRequest();
        made.push({ record, floor, intent: wireIntent(intent), decision, authorization });
      }
      return made;
    },
    /** Everything signer-core does for one Sign. */
    authorisedSign: async (request: Parameters<typeof admit>[0]) => {
      const { admissionId } = await admit(request, context);
      return sign({ admissionId, record }, context);
    },
  };
}
