import { getAddress, type Hex, isAddress, isHex } from "viem";
import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { EMERGENCY_ACTIONS } from "../domain/emergency-call.js";

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), "must be a 20-byte hex address")
  .transform((value) => getAddress(value));
const hex = (maxBytes: number) =>
  z
    .string()
    .max(2 + 2 * maxBytes)
    .refine((value): value is Hex => isHex(value) && value.length % 2 === 0, "must be 0x-prefixed hex");

const policyId = z.string().refine((value): value is Hex => isHex(value) && value.length === 66, "must be 32 bytes of hex");

export const accountParameter = address;

export const prepareBody = z.strictObject({
  action: z.enum(EMERGENCY_ACTIONS).default("close_all"),
  account: address,
  owner: address,
  value: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,30})$/, "must be wei, as a decimal whole number")
    .transform(BigInt)
    .optional(),
  policyId: policyId.optional(),
});

export const transactionHash = policyId;

export const sponsorBody = z.strictObject({
  action: z.enum(EMERGENCY_ACTIONS),
  account: address,
  deadline: z.int().min(0).max(281_474_976_710_655),
  epoch: z.int().min(0).max(4_294_967_295).optional(),
  policyId: policyId.optional(),
  // As many owners as sign for a Safe; one is 65 bytes.
  signature: hex(4_096),
});

export const submitBody = z.strictObject({ rawTransaction: hex(16_384) });

/** The value as `schema` reads it. @throws InterlockError VALIDATION_FAILED naming field, rule and what was seen. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? name : issue.path.join(".");
  const rule = issue?.message ?? "is malformed";
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule } });
}
