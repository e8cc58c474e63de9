import type { FastifyReply } from "fastify";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { PROBLEM_CONTENT_TYPE, retryAfterSeconds, toProblem } from "#platform/errors/problem.js";

/** Answers a failure as RFC 9457 problem+json. */
export function answerProblem(reply: FastifyReply, error: unknown, instance: string): FastifyReply {
  const known = findInterlockError(error) ?? new InterlockError(codeOf(error), messageOf(error), { cause: error });
  const problem = toProblem(known, { instance });
  const wait = retryAfterSeconds(known);
  if (wait !== undefined) reply.header("retry-after", String(wait));
  if (problem.status === 401) reply.header("www-authenticate", "Bearer");
  return reply.status(problem.status).header("content-type", PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
}

/** What Fastify itself refuses carries a status. */
const statusOf = (error: unknown) => (error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500);
const codeOf = (error: unknown) => (statusOf(error) < 500 ? "VALIDATION_FAILED" : "INTERNAL");
const messageOf = (error: unknown) => (statusOf(error) < 500 && error instanceof Error ? error.message : "something broke");
