import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be a name of letters, digits, _ and -");

const schema = z.strictObject({
  provider: z.literal("transit"),
  /** Address of OpenBao or HashiCorp Vault; its certificate must be known to Node. */
  address: z.url({ protocol: /^https?$/ }),
  /** Where the transit engine is mounted. */
  mount: name.default("transit"),
  /** A key of type aes256-gcm96 that was made with `derived=true`. */
  key: name,
  token: z.string().min(1).max(4_096),
});

export type TransitConfig = z.infer<typeof schema>;

/** @throws InterlockError CONFIG_INVALID naming the rule, never the token; for plain HTTP in production */
export function parseTransitConfig(text: string, mode: "production" | "development"): TransitConfig {
  const parsed = schema.safeParse(parseJsonObject(text));
  const issue = parsed.success ? undefined : parsed.error.issues[0];
  if (!parsed.success) {
    throw new InterlockError("CONFIG_INVALID", `KEK_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
  }
  if (mode === "production" && !parsed.data.address.startsWith("https:")) {
    throw new InterlockError("CONFIG_INVALID", "KEK_FILE: address: must be https in production");
  }
  return parsed.data;
}
