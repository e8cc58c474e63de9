import { meaningOf } from "./action-of.js";
import { type AuditEvent, reasonCodes } from "./audit-event.js";

const TYPES = {
  create: "creation",
  activate: "start",
  deactivate: "end",
  use: "info",
  deny: "denied",
  change: "change",
  access: "access",
  other: "info",
};

/** Elastic Common Schema 8. `event.original` keeps the exact bytes, `event.hash` belongs to them. */
export function toEcs(event: AuditEvent, leafHash: string): object {
  const { action, outcome } = meaningOf(event.type);
  const [, trace = ""] = event.traceparent.split("-");
  const reasons = reasonCodes(event);
  return {
    "@timestamp": event.time,
    ecs: { version: "8.17.0" },
    event: {
      kind: "event",
      category: action === "access" ? ["authentication"] : ["iam"],
      type: [TYPES[action]],
      action: event.type,
      outcome,
      id: event.id,
      sequence: event.logIndex,
      created: event.recordedTime,
      provider: event.source,
      hash: leafHash,
      original: event.raw,
      ...(reasons.length === 0 ? {} : { reason: reasons.join(", ") }),
    },
    service: { name: event.source.replace(/^urn:interlock:/, "") },
    user: { id: event.actor.id, roles: [event.actor.type] },
    related: { user: [event.actor.id] },
    ...(trace === "" ? {} : { trace: { id: trace } }),
    labels: { account: event.partitionKey, session: event.subject, correlation: event.correlationId, producer_sequence: event.sequence },
  };
}
