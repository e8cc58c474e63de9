import { hasCode } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { AppendMetadata, NewEvent } from "#platform/event-store/types.js";
import type { JsonObject } from "#platform/kernel/json.js";
import type { Coordinates, EmergencyClose, Observation, WatchedSession } from "../domain/observation.js";
import type { ChainFact } from "../domain/reconcile/chain-fact.js";
import type { Discrepancy } from "../domain/reconcile/discrepancy.js";
import type { DiscrepancyJournal } from "./reconciler.js";
import type { Journal } from "./watch.js";

const place = ({ transactionHash, blockNumber, logIndex }: Coordinates): JsonObject => ({
  transactionHash,
  blockNumber: blockNumber.toString(),
  logIndex,
});

/** Writes sightings as events. Each has a stream of its own, so that a sighting seen twice is written once. */
export class EventJournal implements Journal, DiscrepancyJournal {
  constructor(
    private readonly store: EventStore,
    private readonly chainId: number,
    private readonly onDiscrepancy: (discrepancy: Discrepancy) => void = () => undefined,
  ) {}

  async revocation(session: WatchedSession, observation: Observation): Promise<void> {
    const data = {
      sessionId: session.sessionId,
      account: session.account,
      chainId: session.chainId,
      kind: observation.kind,
      detail: observation.detail,
      ...(observation.at === undefined ? {} : { at: place(observation.at) }),
    };
    await this.once(`revocation-${session.sessionId}`, { type: "revocation.observed.v1", data }, session.account, session.sessionId);
  }

  async emergency(close: EmergencyClose): Promise<void> {
    const data = {
      account: close.account,
      chainId: String(this.chainId),
      by: close.by,
      positionsClosed: close.closed.toString(),
      positionsFailed: close.failed.toString(),
      at: place(close.at),
    };
    const stream = `emergency-${close.at.transactionHash}-${close.at.logIndex}`;
    await this.once(stream, { type: "emergency.closed.v1", data }, close.account, close.account);
  }

  async discrepancy(discrepancy: Discrepancy): Promise<void> {
    const { kind, account, transactionHash, blockNumber, blockHash, logIndex, detail } = discrepancy;
    const data = {
      kind,
      account: account.toLowerCase(),
      chainId: String(this.chainId),
      transactionHash,
      ...(blockNumber === undefined ? {} : { blockNumber: blockNumber.toString() }),
      ...(logIndex === undefined ? {} : { logIndex }),
      detail,
    };
    const stream = `discrepancy-${kind}-${transactionHash}-${blockHash ?? ""}-${logIndex ?? ""}`;
    if (await this.once(stream, { type: "audit.discrepancy.v1", data }, account, account)) this.onDiscrepancy(discrepancy);
  }

  async reconstructed({ kind, account, at }: ChainFact, why: string): Promise<void> {
    const data = { account: account.toLowerCase(), chainId: String(this.chainId), kind, ...place(at), why };
    const stream = `reconstructed-${at.transactionHash}-${at.blockHash}-${at.logIndex}`;
    await this.once(stream, { type: "audit.reconstructed.v1", data }, account, account);
  }

  /** False when the stream is there already. */
  private async once(stream: string, event: NewEvent, account: string, subject: string): Promise<boolean> {
    const metadata: AppendMetadata = {
      correlationId: stream,
      actor: { type: "chain", id: String(this.chainId) },
      subject,
      partitionKey: `${this.chainId}:${account.toLowerCase()}`,
    };
    try {
      await this.store.append(stream, 0, [event], metadata);
      return true;
    } catch (error) {
      if (!hasCode(error, "WRONG_EXPECTED_VERSION")) throw error;
      return false;
    }
  }
}
