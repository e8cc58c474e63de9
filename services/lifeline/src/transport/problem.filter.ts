import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, type LoggerService, NotFoundException } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { PROBLEM_CONTENT_TYPE, retryAfterSeconds, toProblem } from "#platform/errors/problem.js";
import type { KnownRoutes } from "./known-routes.js";

/** Every failure leaves as RFC 9457 problem+json; what was not foreseen is logged and says nothing of itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: LoggerService,
    private readonly routes: Pick<KnownRoutes, "methodsOf">,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = findInterlockError(error) ?? this.unrouted(error, request, reply) ?? fromFramework(error);
    if (known.code === "INTERNAL") this.logger.error(error);
    const problem = toProblem(known, { instance: request.url });
    const wait = retryAfterSeconds(known);
    if (wait !== undefined) reply.header("retry-after", String(wait));
    reply.status(problem.status).type(PROBLEM_CONTENT_TYPE).send(problem);
  }

  /** A path that is known under other methods is 405 with what is allowed (RFC 9110, 15.5.6); the framework says 404 for both. */
  private unrouted(error: unknown, { method, url }: FastifyRequest, reply: FastifyReply): InterlockError | undefined {
    const allowed = error instanceof NotFoundException ? this.routes.methodsOf(url) : [];
    if (allowed.length === 0) return undefined;
    const allow = allowed.join(", ");
    reply.header("allow", allow);
    return new InterlockError("METHOD_NOT_ALLOWED", `${method}: only ${allow} here`);
  }
}

/** The framework's own refusals: unknown routes, malformed JSON, bodies that are too large. */
function fromFramework(error: unknown): InterlockError {
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === 404) return new InterlockError("NOT_FOUND", "there is no such route");
  if (status !== undefined && status >= 400 && status < 500) {
    return new InterlockError("VALIDATION_FAILED", error instanceof Error ? error.message : "the request is malformed");
  }
  return new InterlockError("INTERNAL", "unexpected failure", { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
