import fastifyCookie from "@fastify/cookie";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NestLogger } from "#platform/logging/nest-logger.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { traceHttp } from "#platform/telemetry/http-tracing.js";
import { GatewayModule } from "./app.module.js";
import type { Backends } from "./application/backends.js";
import type { Config } from "./config.js";
import { ROUTES } from "./transport/routes/route-table.js";
import { BODY_LIMIT, useStrictJson } from "./transport/routing/body-parser.js";
import { mountRoutes } from "./transport/routing/mount-routes.js";
import { ProblemFilter } from "./transport/routing/problem.filter.js";
import { asInterlockError, problemReply } from "./transport/routing/problem-reply.js";
import { RateLimits } from "./transport/routing/rate-limits.js";
import { refuseConnection } from "./transport/routing/refuse-connection.js";
import { SECURITY_HEADERS, sendSecurityHeaders } from "./transport/routing/security-headers.js";

type Runtime = Pick<ServiceRuntime<Config>, "config" | "logger" | "clock" | "metrics" | "ids" | "capabilities">;

function createAdapter({ config, ids }: Runtime): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: (_address, hop) => hop < config.trustedProxies,
    requestIdHeader: false,
    genReqId: () => ids.next(),
    exposeHeadRoutes: false,
    clientErrorHandler: refuseConnection,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
      const { status, headers, body } = problemReply(asInterlockError(error), request.url);
      reply
        .status(status)
        .headers({ ...SECURITY_HEADERS, "x-request-id": request.id, ...headers })
        .send(body);
    },
  });
}

/** The HTTP application, ready to listen. */
export async function createApplication(runtime: Runtime, backends: Backends): Promise<NestFastifyApplication> {
  const { config, logger, clock, metrics, capabilities } = runtime;
  const options = { logger: new NestLogger(logger), abortOnError: false, bodyParser: false };
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, createAdapter(runtime), options);
  app.useGlobalFilters(new ProblemFilter(ROUTES, logger));
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  sendSecurityHeaders(fastify);
  traceHttp(fastify, { metrics, deadlineMs: config.requestDeadlineMs });
  await app.register(fastifyCookie);
  useStrictJson(fastify);
  const limits = { ip: config.ipLimit, credential: config.credentialLimit, account: config.accountLimit, entries: config.rateLimitEntries };
  mountRoutes(fastify, ROUTES, { backends, limits: new RateLimits(limits, clock), held: () => capabilities.held() });
  return app;
}
