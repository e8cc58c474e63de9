import type { AuditEvent } from "./audit-event.js";

const nanos = (time: string) => `${Date.parse(time) || 0}000000`;
const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** An OTLP LogRecord in the JSON encoding; the body is the exact bytes. */
export function toOtlp(event: AuditEvent, leafHash: string): object {
  const [, traceId = "", spanId = ""] = event.traceparent.split("-");
  return {
    timeUnixNano: nanos(event.time),
    observedTimeUnixNano: nanos(event.recordedTime),
    severityNumber: event.severityNumber,
    eventName: event.type,
    body: { stringValue: event.raw },
    attributes: [
      attribute("cloudevents.event_id", event.id),
      attribute("cloudevents.event_source", event.source),
      attribute("cloudevents.event_type", event.type),
      attribute("cloudevents.event_subject", event.subject),
      attribute("interlock.logindex", String(event.logIndex)),
      attribute("interlock.leaf_hash", leafHash),
      attribute("interlock.account", event.partitionKey),
      attribute("enduser.id", event.actor.id),
    ],
    ...(traceId === "" ? {} : { traceId, spanId }),
  };
}
