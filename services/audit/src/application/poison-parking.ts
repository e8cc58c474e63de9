import { hasCode } from "#platform/errors/interlock-error.js";
import type { Parking, ReceivedRecord } from "#platform/event-log/event-log.js";
import type { Logger } from "#platform/logging/logger.js";
import { type ParkingLot, reasonOf } from "#platform/projection/parking-lot.js";
import { sequenceOf } from "#platform/projection/record-parking.js";
import { leafHash, MAX_LEAF_BYTES } from "#platform/transparency-log/hash.js";

export interface PoisonMetrics {
  readonly poison: { inc(labels: { topic: string }): void };
}

/**
 * Takes records that are no events, with their bytes, for a person to look at. They stand in no producer's count, so nothing waits behind
 * them: whoever can write one to the topic must not be able to hold up an account's audit. Everything else stays on the log until it is
 * stored: an event is never parked.
 */
export class PoisonParking implements Parking {
  constructor(
    private readonly lot: ParkingLot,
    private readonly metrics: PoisonMetrics,
    private readonly logger: Logger,
  ) {}

  async park(group: string, record: ReceivedRecord, cause: unknown): Promise<void> {
    if (!hasCode(cause, "VALIDATION_FAILED")) throw cause;
    const { topic, partition, key, offset, value } = record;
    const payload = { topic, partition, key, headers: { ...record.headers }, value: value.toString("base64") };
    await this.lot.park(group, { sequence: `${sequenceOf(record)}@${offset}`, place: offset, payload, reason: reasonOf(cause) });
    this.metrics.poison.inc({ topic });
    this.logger.error(
      { topic, partition, offset: offset.toString(), leafHash: leafHash(value.subarray(0, MAX_LEAF_BYTES)).toString("hex") },
      "a record that is no event was parked",
    );
  }

  async isBlocked(): Promise<boolean> {
    return false;
  }
}
