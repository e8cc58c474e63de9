import { z } from "zod";

const path = z
  .string()
  .max(200)
  .regex(/^([A-Za-z_][A-Za-z0-9_]*|[0-9]+)(\.([A-Za-z_][A-Za-z0-9_]*|[0-9]+))*$|^$/, "must be argument names joined by dots")
  .describe('Argument by name, fields and indexes joined by dots; "" is the element itself inside every and some');
const value = z.string().max(1_000).describe("Decimal integer, 0x hex, true, false or text, as the argument's type demands");

/** A test of the decoded arguments; a tree of these is a rule's `where`. */
export type Condition =
  | { readonly op: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly op: "not"; readonly of: Condition }
  | { readonly op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte"; readonly path: string; readonly value: string }
  | { readonly op: "in"; readonly path: string; readonly values: readonly string[] }
  | { readonly op: "bitmask"; readonly path: string; readonly mask: string; readonly value: string }
  | { readonly op: "every" | "some"; readonly path: string; readonly of: Condition }
  | { readonly op: "eqAccount"; readonly path: string };

/** Shape of a condition. Depth is bounded by the document's size; types are checked against the function afterwards. */
export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion("op", [
      z.strictObject({ op: z.enum(["and", "or"]), of: z.array(conditionSchema).min(1).max(32) }),
      z.strictObject({ op: z.literal("not"), of: conditionSchema }),
      z.strictObject({ op: z.enum(["eq", "ne", "lt", "lte", "gt", "gte"]), path, value }),
      z.strictObject({ op: z.literal("in"), path, values: z.array(value).min(1).max(128) }),
      z.strictObject({ op: z.literal("bitmask"), path, mask: value, value }),
      z.strictObject({ op: z.enum(["every", "some"]), path, of: conditionSchema }),
      z.strictObject({ op: z.literal("eqAccount"), path }),
    ]),
  )
  .meta({ id: "Condition" });
