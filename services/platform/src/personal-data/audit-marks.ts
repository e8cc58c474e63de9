import { createHmac } from "node:crypto";

/** Secrets that events name by a mark only. */
export type MarkedKind = "nonce" | "token";

/** What stands in events for secrets: who holds one can find its events, who reads the events learns nothing. */
export class AuditMarks {
  readonly #salt: Buffer;

  /** @param salt 32 random bytes, a secret; marks made under another one are others */
  constructor(salt: Buffer) {
    this.#salt = salt;
  }

  /** HMAC-SHA256 of `value`, hex, behind the salt's own short name: a changed salt shows. */
  mark(kind: MarkedKind, value: string): string {
    return `${this.#hmac("salt", "").slice(0, 8)}:${this.#hmac(kind, value)}`;
  }

  #hmac(kind: string, value: string): string {
    return createHmac("sha256", this.#salt).update(`interlock-mark/1\n${kind}\n${value}`).digest("hex");
  }
}
