import { SpanKind } from "@opentelemetry/api";
import { traceHeaders, traceHeadersOf } from "../telemetry/propagation.js";
import { tracer } from "../telemetry/with-span.js";
import type { AppendMetadata } from "./types.js";

/**
 * `metadata` with the trace of whoever causes the event: what it names itself, else the active span. Work that nothing outside began
 * (a sweep, a new block) gets a trace of its own, so that every event can be found with what it set off.
 */
export function traced(metadata: AppendMetadata): AppendMetadata {
  if (metadata.traceparent !== undefined) return metadata;
  const traceparent = traceHeaders().traceparent ?? ownTrace();
  return traceparent === undefined ? metadata : { ...metadata, traceparent };
}

function ownTrace(): string | undefined {
  const span = tracer().startSpan("append", { kind: SpanKind.INTERNAL, root: true });
  span.end();
  return traceHeadersOf(span).traceparent;
}
