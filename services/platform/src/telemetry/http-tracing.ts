import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { type RequestContext, runInContext } from "../grpc/request-context.js";
import { CALL_BUCKETS, type Metrics } from "./metrics.js";
import { contextFromHeaders } from "./propagation.js";
import { tracer } from "./with-span.js";

/** The hooks of a Fastify instance that are used here; Nest's adapter gives an instance with other type parameters. */
export interface HookTarget {
  addHook(
    name: "onRequest" | "preValidation" | "onResponse",
    hook: (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void,
  ): unknown;
}

export interface HttpTracingOptions {
  readonly metrics: Metrics;
  /** Milliseconds every call made for a request gets together. */
  readonly deadlineMs: number;
}

interface Traced {
  readonly span: Span;
  readonly active: Context;
  readonly request: RequestContext;
  readonly started: bigint;
}

/** Path pattern of the route: a label and span name never hold what the client wrote. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? "unmatched";

/** Around every HTTP request: a span continued from `traceparent`, the request context that gRPC calls inherit, and the duration metric. */
export function traceHttp(fastify: HookTarget, options: HttpTracingOptions): void {
  const duration = options.metrics.histogram({
    name: "http_server_duration_seconds",
    help: "Time from the arrival of a request to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: CALL_BUCKETS,
  });
  const traced = new WeakMap<FastifyRequest, Traced>();
  const within = (request: FastifyRequest, done: HookHandlerDoneFunction): void => {
    const entry = traced.get(request);
    if (entry === undefined) done();
    else context.with(entry.active, () => runInContext(entry.request, () => done()));
  };

  fastify.addHook("onRequest", (request, _reply, done) => {
    const parent = contextFromHeaders(request.headers);
    const attributes = { "http.request.method": request.method, "http.route": routeOf(request) };
    const span = tracer().startSpan(`${request.method} ${routeOf(request)}`, { kind: SpanKind.SERVER, attributes }, parent);
    traced.set(request, {
      span,
      active: trace.setSpan(parent, span),
      request: { deadline: Date.now() + options.deadlineMs },
      started: process.hrtime.bigint(),
    });
    within(request, done);
  });
  // The body is parsed on the socket's own events, where the context of onRequest is gone.
  fastify.addHook("preValidation", (request, _reply, done) => within(request, done));
  fastify.addHook("onResponse", (request, reply, done) => {
    const entry = traced.get(request);
    if (entry !== undefined) {
      const seconds = Number(process.hrtime.bigint() - entry.started) / 1e9;
      duration.observe({ method: request.method, route: routeOf(request), status: String(reply.statusCode) }, seconds);
      entry.span.setAttribute("http.response.status_code", reply.statusCode);
      if (reply.statusCode >= 500) entry.span.setStatus({ code: SpanStatusCode.ERROR });
      entry.span.end();
    }
    done();
  });
}
