import { type Deadline, ServerInterceptingCall, type ServerInterceptor, status } from "@grpc/grpc-js";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { CALL_BUCKETS, type Metrics } from "../telemetry/metrics.js";
import { contextFromHeaders } from "../telemetry/propagation.js";
import { tracer } from "../telemetry/with-span.js";
import { headersOf } from "./metadata-headers.js";
import { type RequestContext, runInContext } from "./request-context.js";

const milliseconds = (deadline: Deadline): number => (typeof deadline === "number" ? deadline : deadline.getTime());

function endSpan(span: Span, code: status): void {
  span.setAttribute("rpc.grpc.status_code", code);
  const serverFault = code === status.INTERNAL || code === status.UNKNOWN || code === status.DATA_LOSS;
  if (serverFault) span.setStatus({ code: SpanStatusCode.ERROR, message: status[code] });
  span.end();
}

/** Around every incoming RPC: its span, continued from the caller's; its request context with deadline and abort signal; its metrics. */
export function serverInterceptor(metrics: Metrics): ServerInterceptor {
  const duration = metrics.histogram({
    name: "grpc_server_duration_seconds",
    help: "Time from the arrival of a call to its status",
    labelNames: ["method", "code"],
    buckets: CALL_BUCKETS,
  });
  const inFlight = metrics.gauge({ name: "grpc_server_in_flight", help: "Calls being served" });

  return (method, call) => {
    const aborted = new AbortController();
    const request: RequestContext = { deadline: milliseconds(call.getDeadline()), signal: aborted.signal };
    const started = process.hrtime.bigint();
    let span: Span | undefined;
    let active = context.active();
    let finished = false;
    inFlight.inc();

    const finish = (code: status): void => {
      if (finished) return;
      finished = true;
      inFlight.dec();
      duration.observe({ method: method.path, code: status[code] }, Number(process.hrtime.bigint() - started) / 1e9);
      if (span !== undefined) endSpan(span, code);
    };
    const within = (work: () => void): void => context.with(active, () => runInContext(request, work));

    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, forward) {
            const parent = contextFromHeaders(headersOf(metadata));
            span = tracer().startSpan(method.path.slice(1), { kind: SpanKind.SERVER, attributes: { "rpc.system": "grpc" } }, parent);
            active = trace.setSpan(parent, span);
            within(() => forward(metadata));
          },
          onReceiveMessage: (message, forward) => within(() => forward(message)),
          onReceiveHalfClose: (forward) => within(forward),
          onCancel() {
            aborted.abort();
            finish(status.CANCELLED);
          },
        }),
      sendStatus(outcome, next) {
        finish(outcome.code ?? status.UNKNOWN);
        next(outcome);
      },
    });
  };
}
