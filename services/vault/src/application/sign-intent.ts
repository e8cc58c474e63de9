import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { RecentCache } from "#platform/kernel/recent-cache.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import type { SignRequest, SignResponse } from "#proto/interlock/vault/v1/vault.js";
import { checkMaySign, type SessionKey } from "../domain/key/session-key.js";
import type { Judgement } from "../domain/ledger/judge-group.js";
import { parseKeyRef } from "./parse-key-ref.js";
import type { PendingFences } from "./pending-fences.js";
import type { Refusals } from "./refusals.js";
import { requireKey } from "./require-key.js";
import { type AdmittedSign, type Signed, SignGroup, type SignGroupParts } from "./sign-group.js";
import { wireIntent } from "./wire-intent.js";

/** What SignIntent works with. */
export interface SignIntentParts extends SignGroupParts {
  readonly fences: PendingFences;
  readonly refusals: Refusals;
  readonly capabilities: Pick<CapabilityRegistry, "assertAvailable">;
}

/** Keys whose requests meet in a group; of more, those asked for longest ago simply begin a new one. */
const LANES = 2_000;

interface Lane {
  readonly counts: GroupCommit<AdmittedSign, Judgement>;
  readonly signs: GroupCommit<AdmittedSign, Signed>;
}

/**
 * USE, in the order of 02-vault: signer-core judges; one commit counts, uses the tickets up and records the event; only then, under the row
 * lock that DISARM waits for, the key is opened. So a signature without its ledger row and event cannot exist.
 */
export class SignIntent {
  readonly #lanes = new RecentCache<string, Lane>(LANES);
  /** Sealed keys as they were read last: good enough to judge a request by, for the row is read again under its lock before it counts. */
  readonly #sealed = new RecentCache<string, SessionKey>(LANES);

  constructor(private readonly parts: SignIntentParts) {}

  /** @throws InterlockError TICKET_INVALID, POLICY_DENIED, FLOOR_EXCEEDED, NONCE_EQUIVOCATION, FENCED, UNSEALED, DEADLINE_TOO_FAR, VALIDATION_FAILED */
  async run(request: SignRequest): Promise<SignResponse> {
    const keyRef = parseKeyRef(request.keyRef);
    try {
      const admitted = await this.#admit(keyRef, request);
      const { digest } = admitted.admission;
      const { counts, signs } = this.#lane(keyRef);
      const judgement = await counts.submit(admitted);
      if (judgement.kind === "refused") throw judgement.error;
      if (judgement.kind === "repeated" && judgement.signature !== undefined)
        return { signature: judgement.signature, digest, replayed: true };
      const signed = await signs.submit(admitted);
      if ("refused" in signed) throw signed.refused;
      return { ...signed, digest };
    } catch (error) {
      this.#sealed.delete(keyRef);
      await this.parts.refusals.record(keyRef, "sign", error);
      throw error;
    }
  }

  async #admit(keyRef: string, request: SignRequest): Promise<AdmittedSign> {
    const { keys, core, fences, capabilities } = this.parts;
    capabilities.assertAvailable("vault.sign");
    fences.check(keyRef);
    const key = this.#sealed.get(keyRef) ?? requireKey(await keys.find(keyRef), keyRef);
    checkMaySign(key);
    this.#sealed.set(keyRef, key);
    const { intent, decision, authorization } = request;
    const asked = { record: key.record, floor: key.sealed.floor, intent: wireIntent(intent), decision, authorization };
    return SignGroup.admitted(await core.call("admit", asked), key.record);
  }

  #lane(keyRef: string): Lane {
    const known = this.#lanes.get(keyRef);
    if (known !== undefined) return known;
    const group = new SignGroup(this.parts, keyRef);
    const lane: Lane = {
      counts: new GroupCommit((requests) => group.count(requests)),
      signs: new GroupCommit((requests) => group.sign(requests)),
    };
    this.#lanes.set(keyRef, lane);
    return lane;
  }
}
