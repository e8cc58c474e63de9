import { type Context, context, propagation, ROOT_CONTEXT, type Span, type TextMapGetter, trace } from "@opentelemetry/api";

/** Headers as HTTP, the event log and Kafka give them. */
export type CarriedHeaders = Readonly<Record<string, string | Buffer | readonly (string | Buffer)[] | undefined>>;

const getter: TextMapGetter<CarriedHeaders> = {
  keys: (headers) => Object.keys(headers),
  get(headers, key) {
    const value = headers[key];
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined ? undefined : first.toString();
  },
};

/** `traceparent` (and `tracestate`) of the active span: put them on what leaves the process. Empty without a span. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** The same headers for a span that need not be active. */
export function traceHeadersOf(span: Span): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(ROOT_CONTEXT, span), headers);
  return headers;
}

/** Trace context that arrived with `headers`; the root context when there is none or it is malformed. */
export function contextFromHeaders(headers: CarriedHeaders): Context {
  return propagation.extract(ROOT_CONTEXT, headers, getter);
}
