import type pg from "pg";
import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { parseBytes, parseBytes32, parseUint } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import type { DisarmRequest, DisarmResponse } from "#proto/interlock/vault/v1/vault.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import { checkOwnerDisarm } from "../domain/disarm/check-owner-disarm.js";
import { keyDisarmed } from "../domain/key/key-events.js";
import type { SessionKey } from "../domain/key/session-key.js";
import { keyMetadata, keyStream } from "./key-stream.js";
import { parseKeyRef } from "./parse-key-ref.js";
import type { PendingFences } from "./pending-fences.js";
import { requireKey } from "./require-key.js";

const PENDING: DisarmResponse = { status: "pending", generation: "0", kekVersion: "0", rowsDestroyed: 0 };

/**
 * DISARM: fence and destruction in one commit under the row lock, so it is "done" only when every signature in flight is either out or
 * refused. Has a connection pool of its own, and needs nothing but the database: no core, no Kafka, no peer.
 */
export class DisarmKey {
  /** @param store event store on the disarm lane's own pool */
  constructor(
    private readonly keys: KeyRepository,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly fences: PendingFences,
  ) {}

  /** @throws InterlockError OWNER_SIGNATURE_INVALID, EXPIRED, FORBIDDEN, NOT_FOUND; never because the database is away: then "pending" */
  async run(request: DisarmRequest, caller: ServiceName): Promise<DisarmResponse> {
    const keyRef = parseKeyRef(request.keyRef);
    const bySignature = request.ownerSignature !== "";
    if (!bySignature && caller !== "permissions") {
      throw new InterlockError("FORBIDDEN", "only permissions disarms without an owner's signature", {
        details: { field: "owner_signature" },
      });
    }
    try {
      return await this.#fence(keyRef, request);
    } catch (error) {
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE")) throw error;
      // An owner's signature cannot be judged without the row; a key must not be stopped by a signature nobody has checked.
      if (!bySignature) this.fences.add(keyRef, () => this.#retry(keyRef, request));
      return PENDING;
    }
  }

  async #retry(keyRef: string, request: DisarmRequest): Promise<boolean> {
    try {
      await this.#fence(keyRef, request);
      return true;
    } catch (error) {
      return hasCode(error, "NOT_FOUND");
    }
  }

  async #fence(keyRef: string, request: DisarmRequest): Promise<DisarmResponse> {
    try {
      return await this.store.withTransaction((tx) => this.#destroy(tx, keyRef, request));
    } catch (error) {
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
      // The row is older than its stream (a restored backup): what narrows goes through all the same.
      const version = (await this.store.read(keyStream(keyRef))).length;
      return this.store.withTransaction((tx) => this.#destroy(tx, keyRef, request, version));
    }
  }

  async #destroy(tx: pg.PoolClient, keyRef: string, request: DisarmRequest, streamVersion?: number): Promise<DisarmResponse> {
    const key = requireKey(await this.keys.lock(tx, keyRef), keyRef);
    const by = await this.#authority(key, request);
    const kekVersion = String(key.record.kekVersion);
    if (key.state === "disarmed") return { status: "done", generation: String(key.generation), kekVersion, rowsDestroyed: 0 };
    const generation = key.generation + 1;
    const version = streamVersion ?? key.streamVersion;
    const rowsDestroyed = await this.keys.destroy(tx, keyRef, generation, version + 1);
    const proof = { keyRef, kekVersion, rows: String(rowsDestroyed) };
    const event = keyDisarmed({ ...key, generation }, { by, reason: request.reason.slice(0, 200), proof });
    await this.store.append(keyStream(keyRef), version, [event], keyMetadata(key.record, key.record.sessionId), tx);
    return { status: "done", generation: String(generation), kekVersion, rowsDestroyed };
  }

  async #authority(key: SessionKey, request: DisarmRequest): Promise<string> {
    if (request.ownerSignature === "") return "permissions";
    const signature = parseBytes("owner_signature", request.ownerSignature, 65);
    const policyId = parseBytes32("policy_id", request.policyId);
    const deadline = parseUint("deadline", request.deadline, 48);
    return checkOwnerDisarm(key, { signature, policyId, deadline }, BigInt(unixSeconds(this.clock)));
  }
}
