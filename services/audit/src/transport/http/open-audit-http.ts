import Fastify, { type FastifyInstance } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AuditHttp } from "./audit-http.js";
import { eventRoutes } from "./event-routes.js";
import { logRoutes } from "./log-routes.js";
import { answerProblem } from "./problem-answer.js";
import { proofRoutes } from "./proof-routes.js";

/** The HTTP interface for auditors, ready to listen: read only, every path behind a token of AUDITORS. */
export function openAuditHttp(http: AuditHttp): FastifyInstance {
  const app = Fastify({ bodyLimit: 1, routerOptions: { maxParamLength: 100 }, forceCloseConnections: true });
  app.setErrorHandler((error, request, reply) => answerProblem(reply, error, request.url.split("?")[0] ?? "/"));
  app.setNotFoundHandler((request, reply) =>
    answerProblem(reply, new InterlockError("NOT_FOUND", "there is no such path"), request.url.split("?")[0] ?? "/"),
  );
  for (const routes of [logRoutes, eventRoutes, proofRoutes]) routes(app, http);
  return app;
}
