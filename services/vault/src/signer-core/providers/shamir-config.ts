import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";

const schema = z
  .strictObject({
    provider: z.literal("shamir"),
    /** Names the ceremony; the sealed ring is bound to it. */
    ceremony: z.uuid(),
    threshold: z.int().min(2).max(255),
    /** SHA-256 of every share, hex: 257 random bits each, so the hash gives nothing away but tells a wrong share from a right one. */
    shares: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .min(2)
      .max(255),
    sealedRing: z.strictObject({ iv: z.base64(), ciphertext: z.base64() }),
  })
  .refine(({ threshold, shares }) => threshold <= shares.length, "threshold must not be above the number of shares")
  .refine(({ shares }) => new Set(shares).size === shares.length, "shares must differ");

/** What stands on disk of a Shamir ceremony: everything but the shares. Useless without `threshold` of them. */
export type ShamirConfig = z.infer<typeof schema>;

/** @throws InterlockError CONFIG_INVALID naming the rule */
export function parseShamirConfig(text: string): ShamirConfig {
  const parsed = schema.safeParse(parseJsonObject(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InterlockError("CONFIG_INVALID", `KEK_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
}
