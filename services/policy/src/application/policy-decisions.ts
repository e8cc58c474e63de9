import { refuseField } from "#platform/intent/field.js";
import { digestOf } from "#platform/intent/intent-digest.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { issueDecision } from "#platform/tickets/decision-ticket.js";
import type { TicketKey } from "#platform/tickets/ticket-key.js";
import type { DecideRequest, DecideResponse, ExplainResponse } from "#proto/interlock/policy/v1/policy.js";
import { enforce, explain } from "../domain/evaluate.js";
import { decisionRecord } from "./decision-record.js";
import type { DocumentCache } from "./document-cache.js";
import { readRequest } from "./read-request.js";

export interface PolicyDecisionsOptions {
  readonly documents: DocumentCache;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly key: TicketKey;
}

/** Answers questions about intents; keeps nothing about anybody. */
export class PolicyDecisions {
  constructor(private readonly options: PolicyDecisionsOptions) {}

  /** The verdict, stopping at the first refusal, and its signed ticket, for allow and deny alike. @throws InterlockError VALIDATION_FAILED */
  async decide(request: DecideRequest): Promise<DecideResponse> {
    const { documents, clock, ids, key } = this.options;
    if (!request.executionId) refuseField("execution_id", "is required", "");
    if (!request.sessionId) refuseField("session_id", "is required", "");
    const question = readRequest(request, documents, clock);
    const record = decisionRecord(this.subject(request, question), question, enforce(question));
    const { decisionId, executionId, sessionId, policyHash, evaluatorVersion } = record;
    const binding = { decisionId, executionId, sessionId, policyHash, evaluatorVersion, digest: record.digest };
    const outcome = record.outcome === "allow" ? "allow" : "deny";
    const content = { ...binding, policyId: policyId(question.policy), outcome } as const;
    return { record, decision: await issueDecision(content, { key, jti: ids.next(), now: unixSeconds(clock) }) };
  }

  /** Every refusal; signs nothing. @throws InterlockError VALIDATION_FAILED */
  explain(request: DecideRequest | undefined | null): ExplainResponse {
    if (request === undefined || request === null) refuseField("request", "is required", "");
    const question = readRequest(request, this.options.documents, this.options.clock);
    return { record: decisionRecord(this.subject(request, question), question, explain(question)) };
  }

  private subject(request: DecideRequest, { intent }: ReturnType<typeof readRequest>) {
    const { executionId, sessionId } = request;
    return { decisionId: this.options.ids.next(), executionId, sessionId, digest: digestOf(intent) };
  }
}
