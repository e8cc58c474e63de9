import { InterlockError } from "#platform/errors/interlock-error.js";
import { isJsonObject } from "#platform/kernel/json.js";
import type { Action, Call, Intent } from "#proto/interlock/common/v1/common.js";

/**
 * The intent with exactly the fields it has and no other; what the fields hold is judged by parseIntent. By hand, because it is read for
 * each signature, and without code generation a schema library costs several times as much.
 * @throws InterlockError VALIDATION_FAILED on an unknown or missing field, or more than one form of action
 */
export function readIntent(value: unknown): Intent {
  const { chainId, module, policyId, action, nonce, deadline } = exactly("intent", value, INTENT);
  return {
    chainId: text("intent.chainId", chainId),
    module: text("intent.module", module),
    policyId: text("intent.policyId", policyId),
    action: readAction(action),
    nonce: text("intent.nonce", nonce),
    deadline: text("intent.deadline", deadline),
  };
}

const INTENT = ["chainId", "module", "policyId", "action", "nonce", "deadline"] as const;
const CALL = ["to", "value", "data"] as const;

function readAction(value: unknown): Action {
  const field = "intent.action";
  const [form] = isJsonObject(value) ? Object.keys(value) : [];
  switch (form) {
    case "call":
      return { call: readCall(`${field}.call`, exactly(field, value, ["call"]).call) };
    case "adapter": {
      const { adapter, args } = exactly(`${field}.adapter`, exactly(field, value, ["adapter"]).adapter, ["adapter", "args"]);
      return { adapter: { adapter: text(`${field}.adapter.adapter`, adapter), args: text(`${field}.adapter.args`, args) } };
    }
    case "batch": {
      const { calls } = exactly(`${field}.batch`, exactly(field, value, ["batch"]).batch, ["calls"]);
      if (!Array.isArray(calls)) refuse(`${field}.batch.calls`, "must be a list");
      return { batch: { calls: calls.map((call, i) => readCall(`${field}.batch.calls.${i}`, call)) } };
    }
    default:
      return refuse(field, "must be one of call, batch and adapter");
  }
}

function readCall(field: string, call: unknown): Call {
  const { to, value, data } = exactly(field, call, CALL);
  return { to: text(`${field}.to`, to), value: text(`${field}.value`, value), data: text(`${field}.data`, data) };
}

/** `value` when it is an object with the fields `names` and no other. */
function exactly<Name extends string>(field: string, value: unknown, names: readonly Name[]): Readonly<Record<Name, unknown>> {
  if (!hasFields(value, names)) refuse(field, `must have exactly ${names.join(", ")}`);
  return value;
}

function hasFields<Name extends string>(value: unknown, names: readonly Name[]): value is Readonly<Record<Name, unknown>> {
  return isJsonObject(value) && Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

function text(field: string, value: unknown): string {
  return typeof value === "string" ? value : refuse(field, "must be text");
}

function refuse(field: string, rule: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule } });
}
