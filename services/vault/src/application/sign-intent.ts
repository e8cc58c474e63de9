import { traced } from "#platform/event-store/traced.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { RecentCache } from "#platform/kernel/recent-cache.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import type { SignRequest, SignResponse } from "#proto/interlock/vault/v1/vault.js";
import { checkMaySign, type SessionKey } from "../domain/key/session-key.js";
import { keyMetadata } from "./key-stream.js";
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

/** Keys whose requests meet in a group of their own; of more, those asked for longest ago simply begin a new one. */
const LANES = 2_000;

/**
 * USE, in the order of 02-vault: signer-core judges; one commit counts, uses the tickets up and records the event; only then, under the row
 * lock that DISARM waits for, the key is opened. So a signature without its ledger row and event cannot exist.
 *
 * Requests of all keys share these two commits. A key that another replica, a rewrap or a DISARM has locked holds nobody else up: its
 * requests go to a lane of its own and wait there.
 */
export class SignIntent {
  readonly #shared: GroupCommit<AdmittedSign, Signed>;
  readonly #lanes = new RecentCache<string, GroupCommit<AdmittedSign, Signed>>(LANES);
  /** Sealed keys as they were read last: good enough to judge a request by, for the row is read again under its lock before it counts. */
  readonly #sealed = new RecentCache<string, SessionKey>(LANES);
  readonly #waiting: SignGroup;

  constructor(private readonly parts: SignIntentParts) {
    const free = new SignGroup(parts, false);
    this.#shared = new GroupCommit((requests) => free.run(requests));
    this.#waiting = new SignGroup(parts, true);
  }

  /** @throws InterlockError TICKET_INVALID, POLICY_DENIED, FLOOR_EXCEEDED, NONCE_EQUIVOCATION, FENCED, UNSEALED, DEADLINE_TOO_FAR, VALIDATION_FAILED */
  async run(request: SignRequest): Promise<SignResponse> {
    const keyRef = parseKeyRef(request.keyRef);
    try {
      const admitted = await this.#admit(keyRef, request);
      const signed = await this.#signed(admitted);
      if ("refused" in signed) throw signed.refused;
      return { ...signed, digest: admitted.admission.digest };
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
    const admission = await core.call("admit", asked);
    return { keyRef, admission, metadata: traced(keyMetadata(key.record, admission.executionId)) };
  }

  async #signed(admitted: AdmittedSign): Promise<Exclude<Signed, "busy">> {
    const shared = await this.#shared.submit(admitted);
    const signed = shared === "busy" ? await this.#lane(admitted.keyRef).submit(admitted) : shared;
    if (signed === "busy") throw new Error("a lane that waits for its key found it busy");
    return signed;
  }

  #lane(keyRef: string): GroupCommit<AdmittedSign, Signed> {
    const known = this.#lanes.get(keyRef);
    if (known !== undefined) return known;
    const lane = new GroupCommit<AdmittedSign, Signed>((requests) => this.#waiting.run(requests));
    this.#lanes.set(keyRef, lane);
    return lane;
  }
}
