import type { Limits, Operation } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import type { Reason } from "./reason.js";
import type { RecentMap } from "./recent-map.js";
import type { EventData } from "./session-events.js";

/** Budget and rate held for an execution whose intent may still be mined, at any second from `reservedAt` to `deadline`. */
export interface Reservation {
  readonly executionId: string;
  readonly reservationId: string;
  readonly decisionId: string;
  readonly digest: string;
  readonly nonce: string;
  readonly operation: Operation;
  /** Unix seconds. */
  readonly reservedAt: bigint;
  /** Unix seconds. */
  readonly deadline: bigint;
}

/** A reservation that was mined, or freed because it never can be. */
export interface SettledUse {
  readonly reservation: Reservation;
  readonly outcome: "committed" | EventData<"session.use.released.v1">["outcome"];
  /** Unix seconds of the block; only of a committed one. */
  readonly minedAt: bigint;
  readonly transactionHash: string;
}

/** A USE that was refused, so that asking again gives the same answer. */
export interface DeniedUse {
  readonly digest: string;
  readonly decisionId: string;
  readonly evaluatorVersion: string;
  readonly reasons: readonly Reason[];
}

/** No event yet. */
export interface NoSession {
  readonly phase: "none";
}

/** The key exists; the grant is not drafted. Both events come in one append, so no reader meets this. */
export interface GeneratedSession {
  readonly phase: "generated";
  readonly key: EventData<"session.generated.v1">;
}

export type Phase = "drafted" | "armed" | "disarmed" | "expired" | "revoked";

/** A drafted session and all that became of it. */
export interface Session {
  readonly phase: Phase;
  readonly key: EventData<"session.generated.v1">;
  readonly grant: EventData<"grant.drafted.v1">;
  readonly limits: Limits;
  /** Owners who signed the grant, with Unix seconds. */
  readonly signedBy: ReadonlyMap<string, number>;
  /** Fence: every end of the session raises it; tickets of an older one are void. Starts at 1. */
  readonly generation: number;
  /** Whether the vault still has to shred the key. */
  readonly fence: "open" | "pending" | "done";
  readonly armed: EventData<"session.armed.v1"> | undefined;
  readonly ended: { readonly reason: string; readonly at: number } | undefined;
  /** Transaction that revoked it on chain, as far as the owner told us; "" before. */
  readonly revokedBy: string;
  /** What the chain has counted, at block times. */
  readonly committed: LimitsState;
  readonly pending: ReadonlyMap<string, Reservation>;
  readonly settled: RecentMap<SettledUse>;
  readonly denied: RecentMap<DeniedUse>;
  /** Intent nonces handed out, with their execution. */
  readonly nonces: RecentMap<string>;
}

export type SessionState = NoSession | GeneratedSession | Session;

/** The state before the first event. */
export const INITIAL: SessionState = { phase: "none" };

/** True once the grant is drafted, whatever became of it. */
export function isSession(state: SessionState): state is Session {
  return state.phase !== "none" && state.phase !== "generated";
}
