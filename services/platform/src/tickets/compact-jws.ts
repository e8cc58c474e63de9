import { type KeyObject, verify } from "node:crypto";
import { CompactSign } from "jose";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";
import { RecentCache } from "../kernel/recent-cache.js";
import type { ClaimSet } from "./claim-set.js";
import { MAX_TICKET_SECONDS } from "./claims.js";
import { derSignature } from "./der-signature.js";
import type { PinnedKeys, TicketKey } from "./ticket-key.js";

export type TicketType = "interlock-decision+jwt" | "interlock-authorization+jwt";

/** Most seconds that `iat` may lie ahead of the verifier's clock. */
const MAX_SKEW_SECONDS = 5;
const MAX_TOKEN_CHARS = 8_192;
/** r and s of P-256. */
const SIGNATURE_BYTES = 64;

/** Strict: a header that brings its own key (jwk, jku, x5c, x5u) or extension (crit) is refused, not ignored. */
const headerSchema = z.strictObject({ alg: z.literal("ES256"), typ: z.string(), kid: z.string().min(1) });

/**
 * Signs `claims` as ES256 compact JWS (RFC 7515) of type `typ`.
 * @throws InterlockError INTERNAL when they are not what `set` asks for: nobody would take such a ticket
 */
export async function signTicket(typ: TicketType, set: ClaimSet<object>, claims: object, key: TicketKey): Promise<string> {
  const text = set.write(claims);
  if (set.read(text) === undefined) throw new InterlockError("INTERNAL", `ticket not issued: ${set.broken(text)}`);
  return new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg: "ES256", typ, kid: key.kid }).sign(key.key);
}

/**
 * The claims of a ticket of type `typ` signed by one of `keys` and alive at `now` (Unix seconds).
 * @throws InterlockError TICKET_INVALID saying which check failed; never the token itself.
 */
export async function openTicket<Claims extends { readonly iat: number; readonly exp: number }>(
  typ: TicketType,
  token: string,
  set: ClaimSet<Claims>,
  keys: PinnedKeys,
  now: number,
): Promise<Claims> {
  const parts = cut(token);
  const header = readHeader(parts.head);
  if (header.typ !== typ) refuse(`typ must be ${typ}`);
  const key = keys.get(header.kid);
  if (key === undefined) refuse("kid is not pinned for this issuer");
  const payload = verifiedPayload(parts, key);
  const claims = set.read(payload) ?? refuse(set.broken(payload));
  const { iat, exp } = claims;
  if (exp <= iat || exp - iat > MAX_TICKET_SECONDS) refuse(`exp must be at most ${MAX_TICKET_SECONDS} s after iat`);
  if (now >= exp) refuse("it has expired");
  if (iat > now + MAX_SKEW_SECONDS) refuse("it was issued in the future");
  return claims;
}

/** A token's three parts; the signature covers `signed`. */
interface Parts {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
  readonly signed: string;
}

function cut(token: string): Parts {
  if (typeof token !== "string" || token.length > MAX_TOKEN_CHARS) refuse("it is too long");
  const first = token.indexOf(".");
  const last = token.lastIndexOf(".");
  if (first <= 0 || last === first || token.indexOf(".", first + 1) !== last) refuse("it must be a compact JWS");
  return { head: token.slice(0, first), body: token.slice(first + 1, last), tail: token.slice(last + 1), signed: token.slice(0, last) };
}

/** Headers that were read before, by their text: an issuer writes the same one every time. */
const known = new RecentCache<string, z.infer<typeof headerSchema>>(64);

function readHeader(head: string): z.infer<typeof headerSchema> {
  const seen = known.get(head);
  if (seen !== undefined) return seen;
  const header = headerSchema.safeParse(parseJson(canonicalBytes(head).toString("utf8")));
  if (!header.success) refuse("the header must be exactly alg ES256, typ and kid");
  known.set(head, header.data);
  return header.data;
}

/**
 * RFC 7515, 5.2, for the one algorithm there is. By node:crypto, because a vault verifies two tickets per signature and WebCrypto, which
 * jose goes through, costs twice as much.
 */
function verifiedPayload({ body, tail, signed }: Parts, key: KeyObject): string {
  const payload = canonicalBytes(body);
  const signature = canonicalBytes(tail);
  if (signature.length !== SIGNATURE_BYTES) refuse("it must be a compact JWS");
  if (!verify("sha256", Buffer.from(signed, "latin1"), key, derSignature(signature))) refuse("the signature does not hold");
  return payload.toString("utf8");
}

/** The bytes of a part. base64url has many texts for some bytes; a ticket has one. */
function canonicalBytes(part: string): Buffer {
  const bytes = Buffer.from(part, "base64url");
  if (bytes.toString("base64url") !== part) refuse("it must be a compact JWS");
  return bytes;
}

/** The value of the one text that JSON.stringify writes for it: so no name can be there twice and mean one thing here, another elsewhere. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(why: string): never {
  throw new InterlockError("TICKET_INVALID", `ticket refused: ${why}`, { details: { rule: why } });
}
