import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Logger } from "#platform/logging/logger.js";
import { allowedMethods } from "./allowed-methods.js";
import { asInterlockError, problemReply } from "./problem-reply.js";
import type { Route } from "./route.js";

/** The one funnel of failures: problem+json (RFC 9457) whatever threw, and no word about what was not foreseen. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: readonly Route[],
    private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = thrown instanceof NotFoundException || request.is404 ? this.unmatched(request, reply) : asInterlockError(thrown);
    if (error.code === "INTERNAL") this.logger.error({ err: thrown, route: request.routeOptions.url }, "a request broke");
    const { status, headers, body } = problemReply(error, request.url);
    reply.status(status).headers(headers).send(body);
  }

  private unmatched(request: FastifyRequest, reply: FastifyReply): InterlockError {
    const methods = allowedMethods(this.routes, request.url.split("?")[0] ?? "");
    if (methods.length === 0) return new InterlockError("NOT_FOUND", "there is no such route");
    reply.header("allow", methods.join(", "));
    return new InterlockError("METHOD_NOT_ALLOWED", `${request.method}: only ${methods.join(", ")} here`);
  }
}
