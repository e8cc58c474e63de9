import { errorRow } from "#platform/errors/error-table.js";
import { findInterlockError, hasCode } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { JsonObject } from "#platform/kernel/json.js";
import type { Logger } from "#platform/logging/logger.js";
import type { Metrics } from "#platform/telemetry/metrics.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import { keyRefused } from "../domain/key/key-events.js";
import { keyMetadata, keyStream } from "./key-stream.js";

/** gRPC statuses that say nothing about the request itself: such an outcome is not a refusal. */
const NOT_A_REFUSAL = new Set(["UNAVAILABLE", "INTERNAL", "RESOURCE_EXHAUSTED", "CANCELLED", "DEADLINE_EXCEEDED", "NOT_FOUND", "ABORTED"]);

/** Records what was refused: a metric, an event without secrets, an alarm where it smells of an attack. */
export class Refusals {
  constructor(
    private readonly keys: KeyRepository,
    private readonly store: EventStore,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** Never throws: a refusal that cannot be recorded is still a refusal. */
  async record(keyRef: string, operation: "sign" | "seal" | "disarm", error: unknown): Promise<void> {
    if (hasCode(error, "WRONG_EXPECTED_VERSION")) return this.#quarantine(keyRef, "the event stream is ahead of the row");
    const known = findInterlockError(error);
    if (known === undefined || NOT_A_REFUSAL.has(errorRow(known.code).grpc)) return;
    this.metrics
      .counter({ name: "vault_refused_total", help: "Requests the vault refused", labelNames: ["operation", "code"] })
      .inc({ operation, code: known.code });
    if (known.code === "NONCE_EQUIVOCATION")
      this.logger.error({ keyRef, details: known.details }, "ALARM: a second payload under a signed nonce");
    if (known.details.quarantined === true) await this.#quarantine(keyRef, "the record does not authenticate");
    try {
      await this.#append(keyRef, known.code, { operation, ...facts(known.details) });
    } catch (err) {
      this.logger.warn({ err, keyRef }, "a refusal could not be recorded");
    }
  }

  /** A row that is not what the vault wrote signs nothing any more; DISARM still works on it. */
  async #quarantine(keyRef: string, why: string): Promise<void> {
    this.logger.error({ keyRef, why }, "ALARM: key quarantined");
    try {
      await this.keys.setState(keyRef, ["generated", "sealed"], "quarantined");
    } catch (err) {
      this.logger.error({ err, keyRef }, "a key could not be marked as quarantined; it is refused again at the next request");
    }
  }

  async #append(keyRef: string, code: string, data: JsonObject): Promise<void> {
    await this.store.withTransaction(async (tx) => {
      const key = await this.keys.lock(tx, keyRef);
      if (key === undefined) return;
      const metadata = keyMetadata(key.record, key.record.sessionId);
      const { lastVersion } = await this.store.append(keyStream(keyRef), key.streamVersion, [keyRefused(key, code, data)], metadata, tx);
      await this.keys.setStreamVersion(tx, keyRef, lastVersion);
    });
  }
}

/** Rules and names only: what a caller sent may hold anything. */
function facts({ rule, ticket, claim, field, reason }: JsonObject): JsonObject {
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 200) : undefined);
  return { rule: text(rule), ticket: text(ticket), claim: text(claim), field: text(field), reason: text(reason) };
}
