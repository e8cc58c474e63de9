import type { ContractProof, EndReason, LoginRecord } from "../../domain/login-record.js";
import type { RefreshToken } from "../../domain/refresh-rotation.js";
import type { Tx } from "./tx.js";

/** Web sessions and families of refresh tokens. Credentials come in as hashes only. */
export interface LoginStore {
  insert(tx: Tx, login: LoginRecord, webSessionHash?: Buffer): Promise<void>;
  byId(id: string): Promise<LoginRecord | undefined>;
  byWebSession(hash: Buffer): Promise<LoginRecord | undefined>;
  byRefreshToken(hash: Buffer): Promise<LoginRecord | undefined>;
  /** False when it had ended already. */
  end(tx: Tx, id: string, reason: EndReason, at: Date): Promise<boolean>;
  touchProof(id: string, proof: ContractProof): Promise<void>;
  addRefreshToken(tx: Tx, loginId: string, hash: Buffer, expiresAt: Date): Promise<void>;
  /** The token with its row locked until the end of `tx`, so that two uses at once are told apart. */
  lockRefreshToken(tx: Tx, hash: Buffer): Promise<RefreshToken | undefined>;
  markRefreshUsed(tx: Tx, hash: Buffer, at: Date): Promise<void>;
}
