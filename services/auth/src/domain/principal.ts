import type { AccountId } from "#platform/kernel/ids.js";

/** How a principal proved itself. */
export type AuthMethod = "siwe-eoa" | "siwe-erc1271" | "siwe-safe" | "private_key_jwt";

/** Who stands behind a credential, and what they may see. */
export interface Principal {
  readonly kind: "owner" | "agent";
  /** Owner: lower-case address that signed in; agent: credential id. */
  readonly subject: string;
  readonly chainId: number;
  readonly accounts: readonly AccountId[];
  /** The one session an agent may use. */
  readonly sessionId?: string;
  readonly authMethod: AuthMethod;
  readonly expiresAt: Date;
}
