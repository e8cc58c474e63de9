import type { JWK } from "jose";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";

// Looked at before the schema drops unknown members: a private key in a file that everybody mounts must stop the start.
const withoutPrivatePart = z.unknown().refine((key) => typeof key !== "object" || key === null || !("d" in key), "must be a public key");

const ed25519Public = withoutPrivatePart.pipe(
  z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().min(40), kid: z.string().exactOptional() }),
);

const p256Public = withoutPrivatePart.pipe(
  z.object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string().min(40),
    y: z.string().min(40),
    kid: z.string().exactOptional(),
  }),
);

/** The pinned trust file: whose key is whose. Keys are never taken from a token's header or the network. */
export const trustSchema = z.object({
  callers: z.record(z.string(), z.object({ keys: z.array(ed25519Public).min(1) })),
  tickets: z.record(z.string(), z.object({ keys: z.array(p256Public).min(1) })).default({}),
});

export type Trust = z.infer<typeof trustSchema>;

/** Parses the text of a trust file. @throws InterlockError CONFIG_INVALID naming the wrong field. */
export function parseTrust(text: string): Trust {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InterlockError("CONFIG_INVALID", "TRUST_FILE: must be JSON", { cause });
  }
  const parsed = trustSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InterlockError("CONFIG_INVALID", `TRUST_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
}

/** Pinned public keys of one caller; empty when it is unknown. */
export function callerKeys(trust: Trust, caller: string): readonly JWK[] {
  return Object.hasOwn(trust.callers, caller) ? (trust.callers[caller]?.keys ?? []) : [];
}
