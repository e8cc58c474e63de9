import type { ParsedAction } from "#platform/intent/intent.js";

/** One call the account makes; `value` in wei, `data` as 0x hex. */
export type CallJson = { to: string; value: string; data: string };

/** What the session key authorises, as it stands in events: exactly one of the module's three forms, shaped like the wire message. */
export type ActionJson = { call: CallJson } | { batch: { calls: CallJson[] } } | { adapter: { adapter: string; args: string } };

/** The JSON form of a checked action. */
export function actionJson(action: ParsedAction): ActionJson {
  switch (action.kind) {
    case "call":
      return { call: callJson(action.call) };
    case "batch":
      return { batch: { calls: action.calls.map(callJson) } };
    case "adapter":
      return { adapter: { adapter: action.adapter, args: action.args } };
  }
}

function callJson({ to, value, data }: { to: string; value: bigint; data: string }): CallJson {
  return { to, value: value.toString(), data };
}
