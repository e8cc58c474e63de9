import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import { devAttesterSchema } from "../../attestation/dev-attester.js";

/** There is no adapter to an enclave's security module yet: only the development attester can be named. */
const schema = z.strictObject({ provider: z.literal("attested"), broker: z.url(), attester: devAttesterSchema });

export type AttestedConfig = z.infer<typeof schema>;

/** @throws InterlockError CONFIG_INVALID naming the rule */
export function parseAttestedConfig(text: string): AttestedConfig {
  const parsed = schema.safeParse(parseJsonObject(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InterlockError("CONFIG_INVALID", `KEK_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
}
