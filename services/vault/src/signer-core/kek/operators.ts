import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { compactVerify, type JWK } from "jose";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** `typ` of an operator's signature: no service token can be taken for one. */
export const OPERATOR_SIGNATURE_TYPE = "interlock-operator+jws";
/** Different keys that must sign what cannot be undone. */
export const OPERATORS_NEEDED = 2;

/** The operators' pinned Ed25519 keys. Two names for one key are one operator. */
export class Operators {
  readonly #keys: readonly { readonly id: string; readonly key: KeyObject }[];

  constructor(jwks: readonly JWK[]) {
    const keys = jwks.map(({ x = "" }) => createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }));
    this.#keys = keys.map((key) => ({ id: thumbprintOf(key), key }));
  }

  /**
   * Ids of the operators who signed exactly `text`.
   * @throws InterlockError OPERATOR_QUORUM unless at least two with different keys did, and nobody else is among the signatures
   */
  async approve(text: string, signatures: readonly string[]): Promise<readonly string[]> {
    const signers = new Set<string>();
    for (const signature of signatures) {
      const signer = await this.#signerOf(text, signature);
      if (signer === undefined) throw quorum("a signature is not an operator's for this request", signers.size);
      if (signers.has(signer)) throw quorum("one operator's key signed twice", signers.size);
      signers.add(signer);
    }
    if (signers.size < OPERATORS_NEEDED) throw quorum(`${signers.size} of ${OPERATORS_NEEDED} operators signed`, signers.size);
    return [...signers];
  }

  async #signerOf(text: string, signature: string): Promise<string | undefined> {
    for (const { id, key } of this.#keys) {
      const verified = await compactVerify(signature, key, { algorithms: ["EdDSA", "Ed25519"] }).catch(() => undefined);
      if (verified?.protectedHeader.typ !== OPERATOR_SIGNATURE_TYPE) continue;
      if (Buffer.from(verified.payload).equals(Buffer.from(text, "utf8"))) return id;
    }
    return undefined;
  }
}

function thumbprintOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ format: "der", type: "spki" }))
    .digest("hex")
    .slice(0, 16);
}

function quorum(rule: string, signers: number): InterlockError {
  return new InterlockError("OPERATOR_QUORUM", `destroying a version: ${rule}`, { details: { rule, signers, needed: OPERATORS_NEEDED } });
}
