import { z } from "zod";
import { ERROR_TABLE, type ErrorCode } from "#platform/errors/error-table.js";

const codes = Object.keys(ERROR_TABLE) as ErrorCode[];

/** RFC 9457 body of every refusal. */
export const problem = z
  .object({
    type: z.string().describe("Stable URI of the kind of problem"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes),
    instance: z.string().optional(),
    traceId: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional().describe("Field, rule and value seen, or the decision"),
  })
  .meta({ id: "Problem" });
