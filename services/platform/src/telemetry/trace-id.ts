import { isSpanContextValid, trace } from "@opentelemetry/api";

/** Id of the active trace, 32 hex digits: what a person quotes to find the log lines of a request. */
export function currentTraceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? span.traceId : undefined;
}
