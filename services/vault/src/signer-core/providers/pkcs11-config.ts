import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";

const schema = z.strictObject({
  provider: z.literal("pkcs11"),
  /** Path of the HSM vendor's PKCS#11 library. */
  module: z.string().min(1),
  token: z.string().min(1).max(32),
  pin: z.string().min(4),
  /** Versions are the AES-256 keys with this label; CKA_ID holds the version. */
  keyLabel: z.string().min(1).max(64),
  /** Variables the vendor's library reads, for example SOFTHSM2_CONF: signer-core has an empty environment. */
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
});

export type Pkcs11Config = z.infer<typeof schema>;

/** @throws InterlockError CONFIG_INVALID naming the rule, never the PIN */
export function parsePkcs11Config(text: string): Pkcs11Config {
  const parsed = schema.safeParse(parseJsonObject(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InterlockError("CONFIG_INVALID", `KEK_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
}
