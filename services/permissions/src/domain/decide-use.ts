import type { LimitRefusal } from "#platform/limits/reserve.js";
import { ALREADY, type Decision, happened, refused } from "./decision.js";
import { livenessFault } from "./liveness.js";
import { type Reason, reason } from "./reason.js";
import { recall } from "./recent-map.js";
import { limitRefusals } from "./reservation-window.js";
import type { Use } from "./session-command.js";
import type { Session } from "./session-state.js";
import { subjectOf } from "./subject.js";

/** How far away an intent's deadline may be, in seconds: what was handed out before a DISARM dies with it. */
export const MAX_DEADLINE = 120;

/**
 * USE: a reservation, or a denial with its reasons. Both are events.
 * The same execution asked again gets what it got; with another intent it is refused.
 */
export function decideUse(state: Session, command: Use): Decision {
  const known = decideKnown(state, command);
  if (known !== undefined) return known;
  const reasons = objections(state, command);
  return reasons.length === 0 ? authorised(state, command) : denied(state, command, reasons);
}

function decideKnown(state: Session, command: Use): Decision | undefined {
  const { executionId, digest, at } = command;
  const settled = recall(state.settled, executionId);
  if (settled !== undefined) return refused("EXECUTION_FINAL", `the execution was ${settled.outcome}`, { outcome: settled.outcome });
  const before = recall(state.denied, executionId) ?? state.pending.get(executionId);
  if (before === undefined) return undefined;
  if (before.digest !== digest) return refused("INTENT_MISMATCH", "the execution was decided with another intent", { executionId });
  if (!("deadline" in before)) return ALREADY;
  // The reservation stands until it is settled, but nobody gets a ticket for it any more.
  const over = livenessReasons(state, at);
  if (over.length > 0) return denied(state, command, over);
  return BigInt(at) < before.deadline ? ALREADY : denied(state, command, deadlineFaults(command));
}

/** Everything against it, cheapest first; the first group that objects is the answer. */
function objections(state: Session, command: Use): readonly Reason[] {
  const over = livenessReasons(state, command.at);
  if (over.length > 0) return over;
  if (command.conditions.length > 0) return command.conditions.map(conditionReason);
  const intent = intentFaults(state, command);
  if (intent.length > 0) return intent;
  if (command.objections.length > 0) return command.objections;
  const window = { from: BigInt(command.at), deadline: BigInt(command.deadline) };
  const used = { committed: state.committed, pending: [...state.pending.values()] };
  return limitRefusals(state.limits, used, command.operation, window).map(limitReason);
}

function livenessReasons(state: Session, at: number): readonly Reason[] {
  const fault = livenessFault(state, at);
  return fault === undefined ? [] : [reason(fault.code, fault.message, { path: "session" })];
}

function conditionReason(condition: string): Reason {
  return reason("CONDITION", `${condition} forbids a USE now`, { path: "conditions", actual: condition });
}

function intentFaults(state: Session, command: Use): Reason[] {
  const { key, grant } = state;
  const faults: Reason[] = [];
  const mustEqual = (code: string, path: string, expected: string, actual: string): void => {
    if (expected !== actual) faults.push(reason(code, `${path} is not the session's`, { path, operator: "eq", expected, actual }));
  };
  mustEqual("CHAIN_MISMATCH", "intent.chainId", key.chainId, command.chainId);
  mustEqual("INTENT_MISMATCH", "intent.module", key.module, command.module);
  mustEqual("INTENT_MISMATCH", "intent.policyId", grant.policyId, command.policyId);
  faults.push(...deadlineFaults(command));
  if (recall(state.nonces, command.nonce) !== undefined) {
    faults.push(reason("INTENT_REPLAYED", "the intent's nonce was authorised before", { path: "intent.nonce", actual: command.nonce }));
  }
  return faults;
}

function deadlineFaults({ at, deadline }: Use): Reason[] {
  const about = { path: "intent.deadline", actual: String(deadline) };
  if (deadline <= at) return [reason("EXPIRED", "the intent's deadline has passed", { ...about, operator: "gt", expected: String(at) })];
  const latest = at + MAX_DEADLINE;
  if (deadline <= latest) return [];
  return [reason("DEADLINE_TOO_FAR", "the intent's deadline is too far away", { ...about, operator: "lte", expected: String(latest) })];
}

function limitReason(refusal: LimitRefusal): Reason {
  const { code } = refusal;
  switch (code) {
    case "OP_RATE_EXCEEDED": {
      const next = refusal.nextAt === undefined ? "never" : String(refusal.nextAt);
      return reason(code, `no operation is left; next at ${next}`, {
        path: "rate",
        operator: "lte",
        expected: String(refusal.left),
        actual: String(refusal.asked),
      });
    }
    case "TOKEN_NOT_IN_SCOPE":
      return reason(code, "the policy has no budget for this token", { path: `budgets.${refusal.token}`, actual: String(refusal.asked) });
    case "PER_OP_EXCEEDED":
      return reason(code, "the amount is above the limit of one operation", {
        path: `budgets.${refusal.token}.perOp`,
        operator: "lte",
        expected: String(refusal.limit),
        actual: String(refusal.asked),
      });
    case "BUDGET_EXCEEDED":
      return reason(code, "the amount is above what is left, reservations included", {
        path: `budgets.${refusal.token}.perWindow`,
        operator: "lte",
        expected: String(refusal.left),
        actual: String(refusal.asked),
      });
  }
}

function authorised(state: Session, command: Use): Decision {
  const { executionId, reservationId, decisionId, evaluatorVersion, digest, nonce, deadline, target, selector, calldataHash, at } = command;
  return happened({
    type: "session.use.authorized.v1",
    data: {
      ...subjectOf(state),
      executionId,
      reservationId,
      decisionId,
      evaluatorVersion,
      policyHash: state.grant.policyHash,
      policyId: state.grant.policyId,
      digest,
      nonce,
      deadline,
      target,
      selector,
      calldataHash,
      spends: command.operation.spends.map(({ token, amount }) => ({ token: token.toLowerCase(), amount: String(amount) })),
      operations: command.operation.operations,
      generation: state.generation,
      at,
    },
  });
}

function denied(state: Session, command: Use, reasons: readonly Reason[]): Decision {
  const { executionId, decisionId, evaluatorVersion, digest, target, selector, calldataHash, at } = command;
  const { policyHash } = state.grant;
  const conditions = [...command.conditions];
  const facts = { executionId, decisionId, evaluatorVersion, policyHash, digest, target, selector, calldataHash, conditions, at };
  return happened({ type: "session.use.denied.v1", data: { ...subjectOf(state), ...facts, reasons: [...reasons] } });
}
