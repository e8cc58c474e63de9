import { meaningOf } from "./action-of.js";
import { type AuditEvent, reasonCodes } from "./audit-event.js";

const VERSION = "1.5.0";
const ENTITY_MANAGEMENT = 3004;
const API_ACTIVITY = 6003;
/** Activities of Entity Management. */
const ACTIVITIES = { create: 1, activate: 8, deactivate: 9, change: 3, access: 2 } as const;
const STATUS = { success: 1, failure: 2, unknown: 0 } as const;
const WARNING = 13;

const seconds = (time: string) => Date.parse(time) || 0;

/** OCSF: changes of session keys as Entity Management, their use and refusals as API Activity with a security control. */
export function toOcsf(event: AuditEvent, leafHash: string): object {
  const { action, outcome } = meaningOf(event.type);
  const isUse = action === "use" || action === "deny" || action === "other";
  const classUid = isUse ? API_ACTIVITY : ENTITY_MANAGEMENT;
  const activity = isUse ? 99 : ACTIVITIES[action];
  const reasons = reasonCodes(event);
  const common = {
    metadata: {
      version: VERSION,
      product: { name: "Interlock", vendor_name: "Interlock" },
      uid: event.id,
      event_code: event.type,
      sequence: event.logIndex,
      log_name: "audit.v1",
      logged_time: seconds(event.recordedTime),
      correlation_uid: event.correlationId,
    },
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1_000),
    activity_id: activity,
    activity_name: action,
    type_uid: classUid * 100 + activity,
    time: seconds(event.time),
    severity_id: event.severityNumber >= WARNING ? 3 : 1,
    status_id: STATUS[outcome],
    ...(reasons.length === 0 ? {} : { status_detail: reasons.join(", ") }),
    actor: { user: { uid: event.actor.id, type: event.actor.type } },
    raw_data: event.raw,
    raw_data_hash: { algorithm_id: 99, algorithm: "RFC 6962 leaf, SHA-256", value: leafHash },
    unmapped: { account: event.partitionKey, producer: event.source, producer_sequence: event.sequence },
  };
  if (!isUse) return { ...common, entity: { type: "session key", uid: event.subject, data: event.data } };
  return {
    ...common,
    api: { operation: event.type, service: { name: event.source } },
    resources: [{ type: "session key", uid: event.subject }],
    action_id: action === "deny" ? 2 : 1,
    disposition_id: action === "deny" ? 2 : 1,
  };
}
