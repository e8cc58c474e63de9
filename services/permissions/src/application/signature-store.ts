import type { Address, Hex } from "viem";

/** Owners' signatures over Arm messages, kept apart from the events: an event tells only their hash. */
export interface SignatureStore {
  add(sessionId: string, owner: Address, signature: Hex): Promise<void>;
  of(sessionId: string): Promise<readonly { readonly owner: Address; readonly signature: Hex }[]>;
}
