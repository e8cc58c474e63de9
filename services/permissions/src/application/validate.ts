import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseAction } from "#platform/intent/parse-intent.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import type { ValidateRequest, ValidateResponse } from "#proto/interlock/permissions/v1/permissions.js";
import type { DecisionRecord } from "#proto/interlock/policy/v1/policy.js";
import { livenessFault } from "../domain/liveness.js";
import { type Reason, reason } from "../domain/reason.js";
import type { Widening } from "./conditions.js";
import type { PolicyPeer } from "./peers.js";
import { visibleSession } from "./session-access.js";
import type { SessionStream } from "./session-stream.js";
import { usageMessage } from "./usage-message.js";

/** Deadline of the imagined intent, in seconds from now. */
const IMAGINED_SECONDS = 100;

export interface ValidateParts {
  readonly stream: SessionStream;
  readonly policy: PolicyPeer;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly conditions: (widening: Widening) => readonly string[];
}

/** What would become of an action now, with every reason. Reserves and signs nothing. */
export class Validate {
  constructor(private readonly parts: ValidateParts) {}

  /** @throws InterlockError VALIDATION_FAILED, NOT_FOUND, DEPENDENCY_UNAVAILABLE */
  async execute(request: ValidateRequest): Promise<ValidateResponse> {
    const { stream, policy, clock, ids, conditions } = this.parts;
    parseAction(request.action);
    const { state } = await visibleSession(stream, request.sessionId);
    const at = unixSeconds(clock);
    const { key, grant } = state;
    const deadline = String(at + IMAGINED_SECONDS);
    const intent = { chainId: key.chainId, module: key.module, policyId: grant.policyId, action: request.action, nonce: "0", deadline };
    const active = [...conditions("useOpen")];
    const { record } = await policy.explain({
      request: {
        executionId: ids.next(),
        sessionId: key.sessionId,
        document: grant.document,
        policy: grant.policy,
        intent,
        usage: usageMessage(state, at),
        at: String(at),
        conditions: active,
      },
    });
    if (record === undefined) throw new InterlockError("INTERNAL", "policy explained nothing");
    const fault = livenessFault(state, at);
    const own = fault === undefined ? [] : [reason(fault.code, fault.message, { path: "session" })];
    return verdict(record, [
      ...own,
      ...active.map((name) => reason("CONDITION", `${name} forbids a USE now`, { path: "conditions", actual: name })),
    ]);
  }
}

function verdict(record: DecisionRecord, own: readonly Reason[]): ValidateResponse {
  const said = new Set(record.reasons.map(({ code }) => code));
  const reasons = [...own.filter(({ code }) => !said.has(code)), ...record.reasons];
  const allowed = reasons.length === 0 && record.outcome === "allow";
  return { allowed, record: { ...record, reasons, outcome: allowed ? "allow" : "deny" } };
}
