import type { Hex } from "viem";
import type { Intent } from "#proto/interlock/common/v1/common.js";

export interface SignOrder {
  readonly keyRef: string;
  readonly intent: Intent;
  readonly decision: string;
  readonly authorization: string;
}

/** The vault as the relay uses it. */
export interface VaultPort {
  /**
   * 65 bytes r, s, v over the intent's digest; the same again for the same intent.
   * @throws InterlockError TICKET_INVALID, FLOOR_EXCEEDED, NONCE_EQUIVOCATION, FENCED, UNSEALED, DEADLINE_TOO_FAR, DEPENDENCY_UNAVAILABLE
   */
  sign(order: SignOrder): Promise<{ readonly signature: Hex; readonly digest: Hex }>;
}
