/** An event of the audit log as a mapper needs it: parsed, with its place and its exact bytes. */
export interface AuditEvent {
  readonly logIndex: number;
  /** The bytes as they were published: what the log's hash is of. */
  readonly raw: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly time: string;
  readonly recordedTime: string;
  readonly correlationId: string;
  readonly traceparent: string;
  readonly severityNumber: number;
  readonly partitionKey: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Reads a line of the log. An event of a type nobody knows here is read like any other.
 * @throws TypeError when the line is no event; a withheld entry is none
 */
export function readAuditEvent(raw: string, logIndex: number): AuditEvent {
  const event: unknown = JSON.parse(raw);
  if (!isRecord(event) || text(event.type) === "" || text(event.source) === "") throw new TypeError(`entry ${logIndex} is no event`);
  const data = isRecord(event.data) ? event.data : {};
  const actor = isRecord(data.actor) ? data.actor : {};
  return {
    logIndex,
    raw,
    id: text(event.id),
    source: text(event.source),
    type: text(event.type),
    subject: text(event.subject),
    sequence: text(event.sequence),
    time: text(event.time),
    recordedTime: text(event.recordedtime),
    correlationId: text(event.correlationid),
    traceparent: text(event.traceparent),
    severityNumber: typeof event.severitynumber === "number" ? event.severitynumber : 9,
    partitionKey: text(event.partitionkey),
    actor: { type: text(actor.type), id: text(actor.id) },
    data,
  };
}

/** The codes of an event's reasons. */
export function reasonCodes({ data }: AuditEvent): readonly string[] {
  const reasons = Array.isArray(data.reasons) ? data.reasons : [];
  return reasons.flatMap((reason: unknown) => (isRecord(reason) && typeof reason.code === "string" ? [reason.code] : []));
}
