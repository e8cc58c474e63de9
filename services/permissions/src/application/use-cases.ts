import { InterlockError } from "#platform/errors/interlock-error.js";
import type { KeptAnswers } from "#platform/idempotency/kept-answers.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import type { Random } from "#platform/kernel/random.js";
import type { Logger } from "#platform/logging/logger.js";
import type { TicketKey } from "#platform/tickets/ticket-key.js";
import type { DraftGrantRequest, GrantDraft } from "#proto/interlock/permissions/v1/permissions.js";
import { AddGrantSignature } from "./add-grant-signature.js";
import { Authorize } from "./authorize.js";
import { principal } from "./caller.js";
import type { ChainReader } from "./chain-reader.js";
import type { Widening } from "./conditions.js";
import { ConfirmGrant } from "./confirm-grant.js";
import { ConfirmRevoke } from "./confirm-revoke.js";
import { DraftGrant } from "./draft-grant.js";
import { Fence } from "./fence.js";
import { Gates } from "./gates.js";
import type { PolicyPeer, VaultPeer } from "./peers.js";
import { recordStops } from "./record-stops.js";
import { ReportRevocation } from "./report-revocation.js";
import { Revoke } from "./revoke.js";
import type { SessionIndex } from "./session-index.js";
import { SessionQueries } from "./session-queries.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";
import { Settle } from "./settle.js";
import { SettleMany } from "./settle-many.js";
import type { SignatureStore } from "./signature-store.js";
import type { SpoolGap, Stops } from "./stops.js";
import { SweepExpired } from "./sweep-expired.js";
import { TicketOffice } from "./ticket-office.js";
import { Validate } from "./validate.js";

export interface UseCaseParts {
  readonly stream: SessionStream;
  readonly index: SessionIndex;
  readonly signatures: SignatureStore;
  readonly answers: KeptAnswers;
  readonly chain: ChainReader;
  readonly policy: PolicyPeer;
  readonly vault: VaultPeer;
  readonly setting: ChainSetting;
  readonly ticketKey: TicketKey;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly random: Random;
  readonly logger: Pick<Logger, "warn" | "error">;
  readonly stops: Stops;
  /** Puts a gap of the spool on the log. */
  readonly recordGap: (gap: SpoolGap) => Promise<void>;
  /** Conditions that forbid what widens power. */
  readonly conditions: (widening: Widening) => readonly string[];
}

/** Everything permissions does, put together once. */
export class UseCases {
  readonly addGrantSignature: AddGrantSignature;
  readonly authorize: Authorize;
  readonly confirmGrant: ConfirmGrant;
  readonly confirmRevoke: ConfirmRevoke;
  readonly queries: SessionQueries;
  readonly reportRevocation: ReportRevocation;
  readonly revoke: Revoke;
  readonly settle: Settle;
  readonly settleMany: SettleMany;
  readonly sweepExpired: SweepExpired;
  readonly validate: Validate;
  readonly #draftGrant: DraftGrant;
  readonly #fence: Fence;

  constructor(private readonly parts: UseCaseParts) {
    const gates = new Gates();
    const fence = new Fence(parts);
    const requireWidening = () => refuseUnder(parts.conditions("arm"));
    const tickets = new TicketOffice(parts.ticketKey, parts.ids);
    this.#fence = fence;
    this.#draftGrant = new DraftGrant({ ...parts, requireWidening });
    this.addGrantSignature = new AddGrantSignature(parts);
    this.confirmGrant = new ConfirmGrant({ ...parts, requireWidening });
    this.authorize = new Authorize({ ...parts, tickets, gates, stopped: (sessionId) => parts.stops.has(sessionId) });
    this.settle = new Settle(parts);
    this.settleMany = new SettleMany(this.settle);
    this.revoke = new Revoke({ ...parts, fence, gates });
    this.confirmRevoke = new ConfirmRevoke({ ...parts, fence });
    this.reportRevocation = new ReportRevocation({ ...parts, fence });
    this.sweepExpired = new SweepExpired(parts);
    this.queries = new SessionQueries(parts);
    this.validate = new Validate(parts);
  }

  /** Drafts a grant once per idempotency key of the principal; without a key each time anew. */
  draftGrant(request: DraftGrantRequest): Promise<GrantDraft> {
    const { idempotencyKey: key, ...body } = request;
    const draft = () => this.#draftGrant.execute(request);
    return key === "" ? draft() : this.parts.answers.once({ scope: `${principal().sub}/draft-grant`, key, body }, draft);
  }

  /** One round of what is owed to stopped sessions: stops to be recorded, keys to be shredded. Returns how many were settled. */
  async settleStops(): Promise<number> {
    const recorded = await recordStops(this.parts);
    return recorded + (await this.#fence.sweep());
  }
}

function refuseUnder(conditions: readonly string[]): void {
  if (conditions.length === 0) return;
  throw new InterlockError("CONDITION", `not possible now: ${conditions.join(", ")}`, { details: { conditions } });
}
