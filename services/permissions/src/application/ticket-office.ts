import type { IdFactory } from "#platform/kernel/ids.js";
import { issueAuthorization } from "#platform/tickets/authorization-ticket.js";
import type { TicketKey } from "#platform/tickets/ticket-key.js";
import type { Reservation, Session } from "../domain/session-state.js";

/** Signs authorization tickets: 30 s, one digest, one generation. */
export class TicketOffice {
  constructor(
    private readonly key: TicketKey,
    private readonly ids: IdFactory,
  ) {}

  /** A ticket for a reservation that stands. @param now Unix seconds */
  issue(state: Session, reservation: Reservation, now: number): Promise<string> {
    const { key, grant, generation } = state;
    const content = {
      authorizationId: reservation.reservationId,
      executionId: reservation.executionId,
      sessionId: key.sessionId,
      keyRef: key.keyRef,
      generation: String(generation),
      account: key.account,
      chainId: key.chainId,
      module: key.module,
      policyHash: grant.policyHash,
      policyId: grant.policyId,
      digest: reservation.digest,
      nonce: reservation.nonce,
      deadline: String(reservation.deadline),
      spends: reservation.operation.spends.map(({ token, amount }) => ({ token, amount: String(amount) })),
      operations: reservation.operation.operations,
    };
    return issueAuthorization(content, { key: this.key, jti: this.ids.next(), now });
  }
}
