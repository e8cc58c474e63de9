import type pg from "pg";
import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { floorLimits } from "#platform/session-policy/floor-operation.js";
import type { SignRequest, SignResponse } from "#proto/interlock/vault/v1/vault.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import type { LedgerRepository } from "../adapters/postgres/ledger-repository.js";
import { keySigned } from "../domain/key/key-events.js";
import { checkMaySign } from "../domain/key/session-key.js";
import { countUsage } from "../domain/ledger/count-usage.js";
import { checkSameDigest } from "../domain/ledger/judge-repeat.js";
import { parseSealedFloor } from "../domain/sealing/sealed-floor.js";
import type { ResultOf } from "../signer-core/protocol/operations.js";
import { keyMetadata, keyStream } from "./key-stream.js";
import { parseKeyRef } from "./parse-key-ref.js";
import type { PendingFences } from "./pending-fences.js";
import type { Refusals } from "./refusals.js";
import { requireKey } from "./require-key.js";
import { wireIntent } from "./wire-intent.js";

type Admission = ResultOf<"admit">;

/** What SignIntent works with. */
export interface SignIntentParts {
  readonly keys: KeyRepository;
  readonly ledger: LedgerRepository;
  readonly store: EventStore;
  readonly core: CoreClient;
  readonly clock: Clock;
  readonly fences: PendingFences;
  readonly refusals: Refusals;
  readonly capabilities: Pick<CapabilityRegistry, "assertAvailable">;
}

/**
 * USE, in the order of 02-vault: signer-core judges; one commit counts, uses the tickets up and records the event; only then, under the row
 * lock that DISARM waits for, the key is opened. So a signature without its ledger row and event cannot exist.
 */
export class SignIntent {
  constructor(private readonly parts: SignIntentParts) {}

  /** @throws InterlockError TICKET_INVALID, POLICY_DENIED, FLOOR_EXCEEDED, NONCE_EQUIVOCATION, FENCED, UNSEALED, DEADLINE_TOO_FAR, VALIDATION_FAILED */
  async run(request: SignRequest): Promise<SignResponse> {
    const keyRef = parseKeyRef(request.keyRef);
    try {
      const admission = await this.#admit(keyRef, request);
      const { store } = this.parts;
      const stored = await store.withTransaction((tx) => this.#count(tx, keyRef, admission));
      if (stored !== undefined) return { signature: stored, digest: admission.digest, replayed: true };
      return await store.withTransaction((tx) => this.#sign(tx, keyRef, admission));
    } catch (error) {
      await this.parts.refusals.record(keyRef, "sign", error);
      throw error;
    }
  }

  async #admit(keyRef: string, request: SignRequest): Promise<Admission> {
    const { keys, core, fences, capabilities } = this.parts;
    capabilities.assertAvailable("vault.sign");
    fences.check(keyRef);
    const key = requireKey(await keys.find(keyRef), keyRef);
    checkMaySign(key);
    const { intent, decision, authorization } = request;
    return core.call("admit", { record: key.record, floor: key.sealed.floor, intent: wireIntent(intent), decision, authorization });
  }

  /** The one commit of rule 5. Gives the stored signature when this digest was signed before. */
  async #count(tx: pg.PoolClient, keyRef: string, admission: Admission): Promise<Hex | undefined> {
    const { keys, ledger, store, clock } = this.parts;
    const key = requireKey(await keys.lock(tx, keyRef), keyRef);
    checkMaySign(key);
    const { digest, nonce, deadline, executionId, operations, tickets } = admission;
    const before = await ledger.find(tx, keyRef, nonce);
    if (before !== undefined) checkSameDigest(before, digest, nonce);
    const reused = await ledger.useTickets(tx, keyRef, digest, tickets);
    if (reused !== undefined) {
      throw new InterlockError("TICKET_INVALID", "a ticket was used for something else", { details: { rule: "one use", jti: reused } });
    }
    if (before !== undefined) return before.signature;
    const { floor } = parseSealedFloor(key.sealed.floor, key.record.floorHash);
    const spends = admission.spends.map(({ token, amount }) => ({ token, amount: BigInt(amount) }));
    const usage = countUsage(floorLimits(floor), key.usage, { operations, spends }, BigInt(unixSeconds(clock)));
    const entry = { keyRef, nonce, digest, executionId, deadline: BigInt(deadline), generation: key.generation };
    await ledger.add(tx, entry, clock.now());
    const facts = {
      executionId,
      digest,
      nonce,
      deadline,
      operations: String(operations),
      spends: admission.spends,
      policyId: key.sealed.policyId,
    };
    const metadata = keyMetadata(key.record, executionId);
    const { lastVersion } = await store.append(keyStream(keyRef), key.streamVersion, [keySigned(key, facts)], metadata, tx);
    await keys.count(tx, keyRef, usage, lastVersion);
    return undefined;
  }

  async #sign(tx: pg.PoolClient, keyRef: string, admission: Admission): Promise<SignResponse> {
    const { keys, ledger, core } = this.parts;
    const key = requireKey(await keys.lock(tx, keyRef), keyRef);
    checkMaySign(key);
    const { digest, nonce, admissionId } = admission;
    const twin = await ledger.find(tx, keyRef, nonce);
    if (twin?.signature !== undefined) return { signature: twin.signature, digest, replayed: true };
    const { signature } = await core.call("sign", { admissionId, record: key.record });
    await ledger.storeSignature(tx, keyRef, nonce, signature);
    return { signature, digest, replayed: false };
  }
}
