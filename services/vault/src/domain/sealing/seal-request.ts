import type { Hex } from "viem";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";

/** What permissions hands over at ARM; nothing of it is believed. */
export interface SealRequest {
  /** session-policy/v1 document the owners were shown. */
  readonly document: string;
  /** Policy struct as it stands on chain. */
  readonly policy: OnchainPolicyStruct;
  readonly armNonce: bigint;
  /** Unix seconds until which the arm signature was good on chain. */
  readonly armDeadline: bigint;
  /** Owners' signatures over the SafeMessage of the Arm digest. */
  readonly signatures: Hex;
}
