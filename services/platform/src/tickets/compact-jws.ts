import { type KeyObject, verify } from "node:crypto";
import { CompactSign } from "jose";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";
import { MAX_TICKET_SECONDS } from "./claims.js";
import type { PinnedKeys, TicketKey } from "./ticket-key.js";

export type TicketType = "interlock-decision+jwt" | "interlock-authorization+jwt";

/** Most seconds that `iat` may lie ahead of the verifier's clock. */
const MAX_SKEW_SECONDS = 5;
const MAX_TOKEN_CHARS = 8_192;
/** r and s of P-256. */
const SIGNATURE_BYTES = 64;

/** Strict: a header that brings its own key (jwk, jku, x5c, x5u) or extension (crit) is refused, not ignored. */
const headerSchema = z.strictObject({ alg: z.literal("ES256"), typ: z.string(), kid: z.string().min(1) });

/** Signs `claims` as ES256 compact JWS (RFC 7515) of type `typ`. */
export async function signTicket(typ: TicketType, claims: object, key: TicketKey): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return new CompactSign(payload).setProtectedHeader({ alg: "ES256", typ, kid: key.kid }).sign(key.key);
}

/**
 * The claims of a ticket of type `typ` signed by one of `keys` and alive at `now` (Unix seconds).
 * @throws InterlockError TICKET_INVALID saying which check failed; never the token itself.
 */
export async function openTicket<Claims extends { iat: number; exp: number }>(
  typ: TicketType,
  token: string,
  schema: z.ZodType<Claims>,
  keys: PinnedKeys,
  now: number,
): Promise<Claims> {
  const header = readHeader(token);
  if (header.typ !== typ) refuse(`typ must be ${typ}`);
  const key = keys.get(header.kid);
  if (key === undefined) refuse("kid is not pinned for this issuer");
  const claims = schema.safeParse(verifiedPayload(token, key));
  if (!claims.success) {
    const issue = claims.error.issues[0];
    refuse(`${issue?.path.join(".") || "claims"}: ${issue?.message}`);
  }
  const { iat, exp } = claims.data;
  if (exp <= iat || exp - iat > MAX_TICKET_SECONDS) refuse(`exp must be at most ${MAX_TICKET_SECONDS} s after iat`);
  if (now >= exp) refuse("it has expired");
  if (iat > now + MAX_SKEW_SECONDS) refuse("it was issued in the future");
  return claims.data;
}

function readHeader(token: string): z.infer<typeof headerSchema> {
  if (typeof token !== "string" || token.length > MAX_TOKEN_CHARS) refuse("it is too long");
  const [head = ""] = token.split(".", 1);
  const header = headerSchema.safeParse(parseJson(Buffer.from(head, "base64url").toString("utf8")));
  if (!header.success) refuse("the header must be exactly alg ES256, typ and kid");
  return header.data;
}

/**
 * RFC 7515, 5.2, for the one algorithm there is. By node:crypto, because a vault verifies two tickets per signature and WebCrypto, which
 * jose goes through, costs twice as much.
 */
function verifiedPayload(token: string, key: KeyObject): unknown {
  const parts = token.split(".");
  const [head = "", body = "", tail = ""] = parts;
  const signature = Buffer.from(tail, "base64url");
  // base64url has many texts for some bytes; a ticket has one.
  const canonical = parts.length === 3 && parts.every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
  if (!canonical || signature.length !== SIGNATURE_BYTES) refuse("it must be a compact JWS");
  if (!verify("sha256", Buffer.from(`${head}.${body}`), key, derSignature(signature))) refuse("the signature does not hold");
  return parseJson(Buffer.from(body, "base64url").toString("utf8"));
}

/** ECDSA-Sig-Value (RFC 3279) of r and s: asked for the other encoding, node:crypto spends half as much again on looking at the key. */
function derSignature(signature: Buffer): Buffer {
  const half = SIGNATURE_BYTES / 2;
  const parts = [integer(signature.subarray(0, half)), integer(signature.subarray(half))];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(0x30, length), ...parts]);
}

function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = bytes.subarray(first === -1 ? bytes.length - 1 : first);
  const sign = (significant[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0);
  return Buffer.concat([Buffer.of(0x02, significant.length + sign.length), sign, significant]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(why: string): never {
  throw new InterlockError("TICKET_INVALID", `ticket refused: ${why}`, { details: { rule: why } });
}
