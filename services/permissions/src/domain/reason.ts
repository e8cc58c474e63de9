import { z } from "zod";

/** Why a USE was refused; `code` is a row of the error table. Same fields as `interlock.common.v1.Reason`. */
export const reasonData = z.object({
  code: z.string(),
  message: z.string(),
  ruleId: z.string(),
  path: z.string(),
  operator: z.string(),
  expected: z.string(),
  actual: z.string(),
});
export type Reason = z.infer<typeof reasonData>;

/** A reason with what is known of it; the rest stays empty. */
export function reason(code: string, message: string, about: Partial<Omit<Reason, "code" | "message">> = {}): Reason {
  return { code, message, ruleId: "", path: "", operator: "", expected: "", actual: "", ...about };
}
