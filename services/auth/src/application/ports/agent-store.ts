import type { AccountId } from "#platform/kernel/ids.js";
import type { AgentPublicKey } from "../../domain/agent-key.js";
import type { Tx } from "./tx.js";

/** An agent's credential: one key, one session. */
export interface AgentRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly account: AccountId;
  /** Lower-case address of the owner who registered it. */
  readonly owner: string;
  readonly publicKey: AgentPublicKey;
  readonly label: string;
  readonly createdAt: Date;
  readonly revokedAt?: Date;
}

export interface AgentStore {
  insert(tx: Tx, agent: AgentRecord): Promise<void>;
  byId(id: string): Promise<AgentRecord | undefined>;
  /** False when it had been revoked already. */
  revoke(tx: Tx, id: string, at: Date): Promise<boolean>;
  /** Takes the labels off all credentials an owner registered. */
  forgetLabels(tx: Tx, owner: string): Promise<void>;
  /** True for exactly one caller per (credential, jti). */
  useAssertion(credentialId: string, jti: string, expiresAt: Date): Promise<boolean>;
}
