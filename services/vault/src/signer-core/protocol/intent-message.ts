import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";

const call = z.strictObject({ to: z.string(), value: z.string(), data: z.string() });
const action = z.union([
  z.strictObject({ call }),
  z.strictObject({ batch: z.strictObject({ calls: z.array(call) }) }),
  z.strictObject({ adapter: z.strictObject({ adapter: z.string(), args: z.string() }) }),
]);

const intentSchema = z.strictObject({
  chainId: z.string(),
  module: z.string(),
  policyId: z.string(),
  action,
  nonce: z.string(),
  deadline: z.string(),
});

/**
 * The intent with exactly the fields it has and no other; what the fields hold is judged by parseIntent.
 * @throws InterlockError VALIDATION_FAILED on an unknown or missing field, or more than one form of action
 */
export function readIntent(value: unknown): Intent {
  const parsed = intentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = ["intent", ...(issue?.path ?? [])].join(".");
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${issue?.message}`, {
    details: { field, rule: issue?.message ?? "is malformed" },
  });
}
