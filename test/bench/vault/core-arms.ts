import { randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type * as Secp256k1 from "secp256k1";
import { parseBytes } from "../../../services/platform/src/intent/field.js";
import { systemClock } from "../../../services/platform/src/kernel/clock.js";
import { UNUSED } from "../../../services/platform/src/limits/limits-state.js";
import { MODULE, PROTOCOLS, VAULT_ADAPTER } from "../../../services/platform/src/session-policy/policy-document.builder.js";
import { parseTicketKey, pinKeys } from "../../../services/platform/src/tickets/ticket-key.js";
import { newIdentity } from "../../../services/vault/src/application/new-identity.js";
import { wireIntent } from "../../../services/vault/src/application/wire-intent.js";
import type { KeyRecord } from "../../../services/vault/src/domain/envelope/key-record.js";
import { AdmissionBook } from "../../../services/vault/src/signer-core/admission-book.js";
import type { CoreContext } from "../../../services/vault/src/signer-core/core-context.js";
import { fromHex } from "../../../services/vault/src/signer-core/envelope/aead.js";
import { withSecretKey } from "../../../services/vault/src/signer-core/envelope/with-secret-key.js";
import { FloorBook } from "../../../services/vault/src/signer-core/floor-book.js";
import { admit } from "../../../services/vault/src/signer-core/handlers/admit.js";
import { generate } from "../../../services/vault/src/signer-core/handlers/generate.js";
import { seal } from "../../../services/vault/src/signer-core/handlers/seal.js";
import { sign } from "../../../services/vault/src/signer-core/handlers/sign.js";
import { Hygiene } from "../../../services/vault/src/signer-core/hygiene.js";
import { KekGate } from "../../../services/vault/src/signer-core/kek/kek-gate.js";
import { Operators } from "../../../services/vault/src/signer-core/kek/operators.js";
import { signDigest } from "../../../services/vault/src/signer-core/keys/secp256k1.js";
import { createPolicyLibrary } from "../../../services/vault/src/signer-core/policy-library.js";
import { openFileProvider } from "../../../services/vault/src/signer-core/providers/open-file-provider.js";
import { generateKeyResponse } from "../../../services/vault/src/transport/generate-key-response.js";
import { SessionBed } from "../../../services/vault/test/support/session-bed.js";
import { testTrust } from "../../support/test-trust.js";

const { ecdsaSign }: typeof Secp256k1 = createRequire(import.meta.url)("secp256k1/bindings");

/** signer-core's own code in this process, with a sealed key and requests as relay brings them. */
export async function coreArms() {
  const trust = await testTrust();
  const ring = JSON.stringify({ active: 1, keys: { "1": randomBytes(32).toString("base64") } });
  const provider = openFileProvider(() => ring);
  const keks = new KekGate(provider);
  keks.limit({ minDecryptVersion: 1, destroyed: [] });
  const other = "0x00000000000000000000000000000000000000b2";
  const deployment = { chainId: 31337, module: MODULE, registry: other, metavaults: other, adapters: { vault: VAULT_ADAPTER } };
  const context: CoreContext = {
    clock: systemClock,
    provider,
    keks,
    operators: new Operators([]),
    unsealBox: undefined,
    policyKeys: pinKeys(trust.trust.tickets.policy?.keys ?? [], "policy"),
    permissionsKeys: pinKeys(trust.trust.tickets.permissions?.keys ?? [], "permissions"),
    library: createPolicyLibrary(JSON.stringify({ ...deployment, protocols: PROTOCOLS, confirmations: 1 })),
    admissions: new AdmissionBook(systemClock),
    floors: new FloorBook(),
    hygiene: new Hygiene(globalThis.gc),
  };
  let stored: { record: KeyRecord; floor: string } | undefined;
  const row = () => {
    if (stored === undefined) throw new Error("nothing is sealed");
    return stored;
  };
  const session = await SessionBed.armed({
    tickets: {
      policy: parseTicketKey(JSON.stringify(trust.ticketKey("policy"))),
      permissions: parseTicketKey(JSON.stringify(trust.ticketKey("permissions"))),
    },
    permissions: {
      async generateKey(request) {
        const { record, address } = await generate(newIdentity(request, randomUUID()), context);
        stored = { record, floor: "" };
        return generateKeyResponse({
          record,
          address,
          state: "generated",
          generation: 1,
          sealed: undefined,
          usage: UNUSED,
          streamVersion: 1,
        });
      },
      async sealFloor({ document, policy, armNonce, armDeadline, signatures }) {
        if (policy === undefined) throw new Error("no policy");
        const request = { document, policy, armNonce, armDeadline, signatures: parseBytes("signatures", signatures, 65) };
        const { record, floor, policyId } = await seal({ ...request, record: row().record }, context);
        stored = { record, floor };
        return { floorHash: record.floorHash, policyId, alreadySealed: false };
      },
    },
    relay: { sign: () => Promise.reject(new Error("is not used")) },
  });
  const { record, floor } = row();
  const digest = `0x${"5a".repeat(32)}` as const;
  return {
    digest,
    /** Unwrap and sign: what the other path does, no more. */
    decryptSign: () => withSecretKey(record, keks, (secret) => ecdsaSign(fromHex(digest), secret).signature),
    /** The same with the check that the signature verifies before it is let out. */
    decryptSignVerify: () => withSecretKey(record, keks, (secret) => signDigest(secret, fromHex(record.pubkey), fromHex(digest))),
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
