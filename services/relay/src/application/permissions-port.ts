import type { Address, Hex } from "viem";
import type { ParsedAction } from "#platform/intent/intent.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { ReasonJson } from "../domain/execution-event.js";
import type { SettlementOutcome } from "../domain/settlement.js";

/** What the relay needs of a session; fixed from the day it is armed, except `state`. */
export interface SessionView {
  readonly sessionId: string;
  readonly account: Address;
  readonly chainId: bigint;
  readonly module: Address;
  readonly policyId: Hex;
  readonly policy: OnchainPolicyStruct;
  /** What permissions says: "armed", "disarmed" and so on. */
  readonly state: string;
  /** One scope proof per call of the action. */
  proofsFor(action: ParsedAction): Hex[][];
}

export type Authorization =
  | {
      readonly allowed: true;
      readonly decision: string;
      readonly authorization: string;
      readonly reservationId: string;
      readonly keyRef: string;
      readonly decisionId: string;
    }
  | { readonly allowed: false; readonly reasons: ReasonJson[]; readonly decisionId: string };

export interface SettlementReport {
  readonly sessionId: string;
  readonly executionId: string;
  readonly outcome: SettlementOutcome;
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly blockTime: string;
}

/** The permissions service as the relay uses it. Every method throws InterlockError; DEPENDENCY_UNAVAILABLE when it is away. */
export interface PermissionsPort {
  /**
   * Asked in the name of `actor`, or of the relay itself; what was asked before may be answered from memory, so the account is still to be compared.
   * @throws NOT_FOUND for an unknown session or one foreign to `actor`, NOT_ARMED for one that has no policy yet
   */
  session(sessionId: string, actor?: Actor): Promise<SessionView>;
  /** Reserves and decides; the same answer for the same execution. */
  authorize(sessionId: string, executionId: string, intent: Intent, simulation: ReasonJson | undefined): Promise<Authorization>;
  settle(report: SettlementReport): Promise<void>;
  /** Tells that a sign or simulation path failed because the session is gone on chain. */
  reportRevocation(session: SessionView, detail: string): Promise<void>;
}
