import type { Operation } from "#platform/limits/limits.js";
import type { Reason } from "./reason.js";
import type { EventData, RELEASE_OUTCOMES } from "./session-events.js";

/** Unix seconds by the clock of the service: every command carries it, so that every check compares the clock. */
interface At {
  readonly at: number;
}

/** The facts of one drafted grant: both events of it. */
export interface Draft extends At {
  readonly kind: "draft";
  readonly generated: EventData<"session.generated.v1">;
  readonly drafted: EventData<"grant.drafted.v1">;
}

/** One owner's signature over the Arm message; its validity was checked against the owner's address. */
export interface AddSignature extends At {
  readonly kind: "add-signature";
  readonly owner: string;
  readonly signatureHash: string;
}

/** The chain shows the very policy that was drafted as armed, and the vault has sealed its floor. */
export interface Arm extends At {
  readonly kind: "arm";
  readonly policyId: string;
  readonly policyHash: string;
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly logIndex: number;
  readonly confirmations: number;
  readonly floorHash: string;
  readonly ownerSignatureHash: string;
  readonly ownerSignatureKind: string;
}

/** An intent asks to be authorised. */
export interface Use extends At {
  readonly kind: "use";
  readonly executionId: string;
  readonly reservationId: string;
  /** EIP-712 digest of the intent, computed here. */
  readonly digest: string;
  readonly chainId: string;
  readonly module: string;
  readonly policyId: string;
  readonly nonce: string;
  /** Unix seconds. */
  readonly deadline: number;
  /** What is asked, for the record. */
  readonly target: string;
  readonly selector: string;
  readonly calldataHash: string;
  /** What policy said of it. */
  readonly decisionId: string;
  readonly evaluatorVersion: string;
  readonly operation: Operation;
  /** Why policy or the simulation refuse it; empty when they do not. */
  readonly objections: readonly Reason[];
  /** Conditions of the degradation ladder that forbid a USE now. */
  readonly conditions: readonly string[];
}

/** What became of an authorised execution on chain. */
export interface Settle extends At {
  readonly kind: "settle";
  readonly executionId: string;
  readonly outcome: "committed" | "reorged" | (typeof RELEASE_OUTCOMES)[number];
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  /** Unix seconds of the block. */
  readonly minedAt: number;
}

/** The owner stops the session. */
export interface Disarm extends At {
  readonly kind: "disarm";
  readonly reason: string;
  readonly initiator: string;
  /** It was accepted while the store was away. */
  readonly spooled?: true;
}

/** The holder of the session gives it up. */
export interface Forfeit extends At {
  readonly kind: "forfeit";
  readonly reason: string;
  readonly initiator: string;
  /** It was accepted while the store was away. */
  readonly spooled?: true;
}

/** The vault has fenced the key and shredded it. */
export interface ProveDestruction extends At {
  readonly kind: "prove-destruction";
  readonly kekVersion: string;
  readonly rowsDestroyed: number;
}

/** The timer's word; nothing depends on its coming in time. */
export interface Expire extends At {
  readonly kind: "expire";
}

/** The chain no longer knows the session, by our own reading of it. */
export interface RevokeExternally extends At {
  readonly kind: "revoke-externally";
  readonly cause: string;
  readonly detail: string;
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly logIndex: string;
  readonly observed: string;
}

/** The owner's own revocation was mined: the chain, read by us, no longer lets the key act. */
export interface ConfirmRevocation extends At {
  readonly kind: "confirm-revocation";
  readonly transactionHash: string;
  readonly blockNumber: string;
}

export type SessionCommand =
  | ConfirmRevocation
  | Draft
  | AddSignature
  | Arm
  | Use
  | Settle
  | Disarm
  | Forfeit
  | ProveDestruction
  | Expire
  | RevokeExternally;
