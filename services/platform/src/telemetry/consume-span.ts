import { SpanKind } from "@opentelemetry/api";
import { type CarriedHeaders, contextFromHeaders } from "./propagation.js";
import { withSpan } from "./with-span.js";

/**
 * Runs the handling of one event inside a span that continues the trace its producer was in.
 * @param name event type, for the span's name
 * @param headers what carries `traceparent`: the record's headers or the CloudEvent itself
 */
export function consumeSpan<T>(name: string, headers: CarriedHeaders, work: () => Promise<T>): Promise<T> {
  return withSpan(`handle ${name}`, { kind: SpanKind.CONSUMER, parent: contextFromHeaders(headers) }, work);
}
