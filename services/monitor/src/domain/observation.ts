import type { Address, Hex } from "viem";

/** Where on the chain something was seen. */
export interface Coordinates {
  readonly transactionHash: Hex;
  readonly blockNumber: bigint;
  readonly logIndex: number;
}

/**
 * Something on the chain that may have ended sessions. `policyId` is set when it concerns one session only;
 * otherwise every session of the account is concerned.
 */
export interface Observation {
  readonly kind: "disarmed" | "epoch" | "module_disabled" | "owner_changed" | "poll";
  readonly account: Address;
  readonly policyId?: Hex;
  readonly at?: Coordinates;
  readonly detail: string;
}

/** An emergency close that was seen on the chain. */
export interface EmergencyClose {
  readonly account: Address;
  readonly by: Address;
  readonly closed: bigint;
  readonly failed: bigint;
  readonly at: Coordinates;
}

/** A session as the watcher knows it. */
export interface WatchedSession {
  readonly sessionId: string;
  readonly account: Address;
  readonly chainId: string;
  readonly policyId: Hex;
  /** The account's epoch it was armed under; a later one voids it. */
  readonly epoch: number;
  readonly module: Address;
}

/** The sessions an observation concerns. */
export function concerned(observation: Observation, sessions: readonly WatchedSession[]): readonly WatchedSession[] {
  return sessions.filter(
    ({ account, policyId }) =>
      account.toLowerCase() === observation.account.toLowerCase() &&
      (observation.policyId === undefined || observation.policyId === policyId),
  );
}
