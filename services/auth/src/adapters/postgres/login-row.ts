import type { EndReason, LoginMode, LoginRecord } from "../../domain/login-record.js";
import { toHexText } from "./hex-bytes.js";

/** Columns of `auth.login` that make a LoginRecord, under the alias `l`. */
export const LOGIN_COLUMNS =
  "l.id, l.mode, l.chain_id, l.subject, l.method, l.proof_hash, l.proof_signature, l.proof_verified_at, l.created_at, l.expires_at, l.ended_at, l.end_reason";

/** A row of `auth.login` as `pg` parses it. */
export interface LoginRow {
  readonly id: string;
  readonly mode: LoginMode;
  readonly chain_id: string;
  readonly subject: string;
  readonly method: LoginRecord["method"];
  readonly proof_hash: Buffer | null;
  readonly proof_signature: Buffer | null;
  readonly proof_verified_at: Date | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
  readonly end_reason: EndReason | null;
}

/** The login in a row. */
export function toLogin(row: LoginRow): LoginRecord {
  const { proof_hash: hash, proof_signature: signature, proof_verified_at: verifiedAt } = row;
  return {
    id: row.id,
    mode: row.mode,
    chainId: Number(row.chain_id),
    subject: row.subject,
    method: row.method,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(hash !== null && signature !== null && verifiedAt !== null
      ? { proof: { messageHash: toHexText(hash), signature: toHexText(signature), verifiedAt } }
      : {}),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.end_reason === null ? {} : { endReason: row.end_reason }),
  };
}
