import type { Intent } from "#proto/interlock/common/v1/common.js";

/**
 * The intent as plain data for the core's strict reader. protobuf decoding adds `kind`, the name of the member of the oneof that was sent;
 * it is no field of the message.
 */
export function wireIntent(intent: Intent | undefined): Record<string, unknown> {
  if (intent === undefined) return {};
  const { action, ...rest } = intent;
  const { kind: _kind, ...form } = Object.fromEntries(Object.entries(action ?? {}));
  return JSON.parse(JSON.stringify({ ...rest, action: form }));
}
