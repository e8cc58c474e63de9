import { hasCode } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { AppendMetadata, NewEvent } from "#platform/event-store/types.js";
import type { JsonObject } from "#platform/kernel/json.js";
import type { Coordinates, EmergencyClose, Observation, WatchedSession } from "../domain/observation.js";
import type { Journal } from "./watch.js";

const place = ({ transactionHash, blockNumber, logIndex }: Coordinates): JsonObject => ({
  transactionHash,
  blockNumber: blockNumber.toString(),
  logIndex,
});

/** Writes sightings as events. Each has a stream of its own, so that a sighting seen twice is written once. */
export class EventJournal implements Journal {
  constructor(
    private readonly store: EventStore,
    private readonly chainId: number,
  ) {}

  revocation(session: WatchedSession, observation: Observation): Promise<void> {
    const data = {
      sessionId: session.sessionId,
      account: session.account,
      chainId: session.chainId,
      kind: observation.kind,
      detail: observation.detail,
      ...(observation.at === undefined ? {} : { at: place(observation.at) }),
    };
    return this.once(`revocation-${session.sessionId}`, { type: "revocation.observed.v1", data }, session.account, session.sessionId);
  }

  emergency(close: EmergencyClose): Promise<void> {
    const data = {
      account: close.account,
      chainId: String(this.chainId),
      by: close.by,
      positionsClosed: close.closed.toString(),
      positionsFailed: close.failed.toString(),
      at: place(close.at),
    };
    const stream = `emergency-${close.at.transactionHash}-${close.at.logIndex}`;
    return this.once(stream, { type: "emergency.closed.v1", data }, close.account, close.account);
  }

  private async once(stream: string, event: NewEvent, account: string, subject: string): Promise<void> {
    const metadata: AppendMetadata = {
      correlationId: stream,
      actor: { type: "chain", id: String(this.chainId) },
      subject,
      partitionKey: `${this.chainId}:${account.toLowerCase()}`,
    };
    try {
      await this.store.append(stream, 0, [event], metadata);
    } catch (error) {
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
    }
  }
}
