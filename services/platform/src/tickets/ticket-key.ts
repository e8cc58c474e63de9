import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";
import { parseJsonObject } from "../kernel/json.js";

/** Private P-256 key of a ticket issuer; `kid` selects it inside the issuer's pinned set. */
export interface TicketKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/** Pinned public keys of one issuer by `kid`. */
export type PinnedKeys = ReadonlyMap<string, KeyObject>;

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const publicJwk = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: coordinate,
  y: coordinate,
  kid: z.string().min(1).exactOptional(),
});
const privateJwk = publicJwk.extend({ d: coordinate });

/** The key in the text of a TICKET_KEY_FILE (P-256 JWK, private). @throws InterlockError CONFIG_INVALID, never with the key in it. */
export function parseTicketKey(text: string): TicketKey {
  const parsed = privateJwk.safeParse(parseJsonObject(text));
  if (!parsed.success) throw new InterlockError("CONFIG_INVALID", "TICKET_KEY_FILE: must be a private P-256 JWK");
  const { kid = thumbprint(parsed.data), ...jwk } = parsed.data;
  try {
    return { kid, key: createPrivateKey({ key: jwk, format: "jwk" }) };
  } catch {
    throw new InterlockError("CONFIG_INVALID", "TICKET_KEY_FILE: is not a point of P-256");
  }
}

/** The pinned keys of one issuer from the trust file's JWKs. @throws InterlockError CONFIG_INVALID on a malformed key, a doubled `kid`, or none at all. */
export function pinKeys(jwks: readonly unknown[], issuer: string): PinnedKeys {
  const pinned = new Map<string, KeyObject>();
  for (const [i, jwk] of jwks.entries()) {
    const parsed = publicJwk.safeParse(jwk);
    if (!parsed.success) throw new InterlockError("CONFIG_INVALID", `tickets.${issuer}.keys[${i}]: must be a P-256 JWK`);
    const { kid = thumbprint(parsed.data), ...key } = parsed.data;
    if (pinned.has(kid)) throw new InterlockError("CONFIG_INVALID", `tickets.${issuer}.keys[${i}]: kid ${kid} is there twice`);
    pinned.set(kid, importPublic(key, `tickets.${issuer}.keys[${i}]`));
  }
  if (pinned.size === 0) throw new InterlockError("CONFIG_INVALID", `tickets.${issuer}.keys: must have at least one key`);
  return pinned;
}

function importPublic(key: { kty: "EC"; crv: "P-256"; x: string; y: string }, field: string): KeyObject {
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    throw new InterlockError("CONFIG_INVALID", `${field}: is not a point of P-256`);
  }
}

/** RFC 7638: the `kid` of a key that was given none. */
function thumbprint({ crv, kty, x, y }: { crv: string; kty: string; x: string; y: string }): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}
