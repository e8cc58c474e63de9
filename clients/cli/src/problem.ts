import { z } from "zod";

const reason = z.object({ code: z.string(), message: z.string().optional() }).loose();
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string().optional(),
    code: z.string().optional(),
    decision: z
      .object({ reasons: z.array(reason) })
      .loose()
      .optional(),
  })
  .loose();

/** Body of a refusal (RFC 9457). */
export type Problem = z.infer<typeof problemSchema>;

/** The server said no, and said why. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** Reads a refusal; an answer that is no problem+json becomes one that says so. */
export function toProblemError(status: number, body: unknown): ProblemError {
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return new ProblemError(parsed.data);
  return new ProblemError({ type: "about:blank", title: `the server answered ${status} without saying why`, status });
}
