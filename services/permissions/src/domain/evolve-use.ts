import { count, release } from "#platform/limits/limits-state.js";
import { hex } from "./policy-data.js";
import { forget, recall, remember } from "./recent-map.js";
import type { EventData } from "./session-events.js";
import type { Reservation, Session } from "./session-state.js";

/** The reservation stands. */
export function applyAuthorized(state: Session, data: EventData<"session.use.authorized.v1">): Session {
  const { executionId, reservationId, decisionId, digest, nonce } = data;
  const spends = data.spends.map(({ token, amount }) => ({ token: hex(token), amount: BigInt(amount) }));
  const operation = { operations: data.operations, spends };
  const times = { reservedAt: BigInt(data.at), deadline: BigInt(data.deadline) };
  const reservation = { executionId, reservationId, decisionId, digest, nonce, operation, ...times };
  return { ...state, pending: new Map(state.pending).set(executionId, reservation), nonces: remember(state.nonces, nonce, executionId) };
}

/** The denial is remembered, so that asking again gives the same answer. */
export function applyDenied(state: Session, data: EventData<"session.use.denied.v1">): Session {
  const { executionId, digest, decisionId, evaluatorVersion, reasons } = data;
  return { ...state, denied: remember(state.denied, executionId, { digest, decisionId, evaluatorVersion, reasons }) };
}

/** From reserved to counted, at the time of its block. */
export function applyCommitted(state: Session, data: EventData<"session.use.committed.v1">): Session {
  const { executionId, transactionHash } = data;
  const reservation = state.pending.get(executionId) ?? recall(state.settled, executionId)?.reservation;
  if (reservation === undefined) return state;
  const minedAt = BigInt(data.minedAt);
  const committed = count(state.limits, state.committed, reservation.operation, minedAt);
  const settled = remember(state.settled, executionId, { reservation, outcome: "committed" as const, minedAt, transactionHash });
  return { ...state, committed, pending: unreserved(state, executionId), settled };
}

/** Its block is gone: from counted back to reserved, because it may be mined again. */
export function applyReorged(state: Session, data: EventData<"session.use.reorged.v1">): Session {
  const use = recall(state.settled, data.executionId);
  if (use?.outcome !== "committed") return state;
  const committed = release(state.limits, state.committed, use.reservation.operation, use.minedAt);
  const pending = new Map(state.pending).set(data.executionId, use.reservation);
  return { ...state, committed, pending, settled: forget(state.settled, data.executionId) };
}

/** It can never be mined: what was held is free. */
export function applyReleased(state: Session, data: EventData<"session.use.released.v1">): Session {
  const { executionId, outcome } = data;
  const reservation = state.pending.get(executionId);
  if (reservation === undefined) return state;
  const settled = remember(state.settled, executionId, { reservation, outcome, minedAt: 0n, transactionHash: "" });
  return { ...state, pending: unreserved(state, executionId), settled };
}

function unreserved(state: Session, executionId: string): ReadonlyMap<string, Reservation> {
  const pending = new Map(state.pending);
  pending.delete(executionId);
  return pending;
}
