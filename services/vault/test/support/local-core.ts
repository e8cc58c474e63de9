import { randomBytes, randomUUID } from "node:crypto";
import { parseBytes } from "#platform/intent/field.js";
import { systemClock } from "#platform/kernel/clock.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import { MODULE, PROTOCOLS, VAULT_ADAPTER } from "#platform/session-policy/policy-document.builder.js";
import { parseTicketKey, pinKeys } from "#platform/tickets/ticket-key.js";
import { testTrust } from "../../../../test/support/test-trust.js";
import { newIdentity } from "../../src/application/new-identity.js";
import type { KeyRecord } from "../../src/domain/envelope/key-record.js";
import { FloorBook } from "../../src/domain/sealing/floor-book.js";
import { AdmissionBook } from "../../src/signer-core/admission-book.js";
import type { CoreContext } from "../../src/signer-core/core-context.js";
import { generate } from "../../src/signer-core/handlers/generate.js";
import { seal } from "../../src/signer-core/handlers/seal.js";
import { Hygiene } from "../../src/signer-core/hygiene.js";
import { KekGate } from "../../src/signer-core/kek/kek-gate.js";
import { Operators } from "../../src/signer-core/kek/operators.js";
import { createPolicyLibrary } from "../../src/signer-core/policy-library.js";
import { openFileProvider } from "../../src/signer-core/providers/open-file-provider.js";
import { generateKeyResponse } from "../../src/transport/generate-key-response.js";
import { SessionBed } from "./session-bed.js";

export interface LocalCore {
  readonly context: CoreContext;
  /** A session that is armed. */
  readonly session: SessionBed;
  readonly record: KeyRecord;
  readonly floor: string;
}

/** signer-core's own code in this process, without socket and shell, with one sealed key. */
export async function localCore(): Promise<LocalCore> {
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
  return { context, session, ...row() };
}
