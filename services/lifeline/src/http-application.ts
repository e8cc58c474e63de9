import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { NestLogger } from "#platform/logging/nest-logger.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { type LifelineParts, lifelineModule } from "./app.module.js";
import { KnownRoutes } from "./transport/known-routes.js";
import { ProblemFilter } from "./transport/problem.filter.js";

/** Bytes of the largest body: a signed transaction and some room. */
const BODY_LIMIT = 64 * 1024;

/** The HTTP application, ready to listen. */
export async function createApplication(parts: LifelineParts, runtime: Pick<ServiceRuntime, "logger">): Promise<NestFastifyApplication> {
  const logger = new NestLogger(runtime.logger);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: 200 } });
  const routes = KnownRoutes.of(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(lifelineModule(parts), adapter, { logger, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(logger, routes));
  app.enableCors({ origin: true, methods: ["GET", "POST"] });
  return app;
}
