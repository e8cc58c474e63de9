import type { Address, Hex } from "viem";
import type { Coordinates } from "../observation.js";

/** What an event of our module says: a session was used, armed or disarmed, or every session of an account was ended or closed. */
export type FactKind = "use" | "arm" | "disarm" | "epoch" | "emergency";

/** Something our module said on the chain; the log must know of it. */
export interface ChainFact {
  readonly kind: FactKind;
  readonly account: Address;
  /** The session's policy, for use, arm and disarm. */
  readonly policyId?: Hex;
  /** The session key, for arm. */
  readonly key?: Address;
  readonly at: Coordinates & { readonly blockHash: Hex };
}
