import type { Action, Call, Intent } from "#proto/interlock/common/v1/common.js";
import { parseAddress, parseBytes, parseBytes32, parseUint, refuseField } from "./field.js";
import { type CallStruct, MAX_BATCH_CALLS, MAX_CALLDATA_BYTES, type ParsedAction, type ParsedIntent } from "./intent.js";

/**
 * The intent in a wire message, each field checked against the width it has in the EIP-712 type.
 * @throws InterlockError VALIDATION_FAILED naming the field, the rule and the value seen.
 */
export function parseIntent(intent: Intent | undefined | null, field = "intent"): ParsedIntent {
  if (intent === undefined || intent === null) refuseField(field, "is required", "");
  return {
    chainId: parseUint(`${field}.chain_id`, intent.chainId, 256),
    module: parseAddress(`${field}.module`, intent.module),
    policyId: parseBytes32(`${field}.policy_id`, intent.policyId),
    action: parseAction(intent.action, `${field}.action`),
    nonce: parseUint(`${field}.nonce`, intent.nonce, 256),
    deadline: parseUint(`${field}.deadline`, intent.deadline, 48),
  };
}

/** The action in a wire message. @throws InterlockError VALIDATION_FAILED unless exactly one of call, batch and adapter is there and sound. */
export function parseAction(action: Action | undefined | null, field = "action"): ParsedAction {
  const { call, batch, adapter } = action ?? {};
  const given = [call, batch, adapter].filter((form) => form !== undefined && form !== null).length;
  if (given !== 1) refuseField(field, "must have exactly one of call, batch and adapter", `${given} of them`);
  if (call) return { kind: "call", call: parseCall(call, `${field}.call`) };
  if (adapter) {
    return {
      kind: "adapter",
      adapter: parseAddress(`${field}.adapter.adapter`, adapter.adapter),
      args: parseBytes(`${field}.adapter.args`, adapter.args, MAX_CALLDATA_BYTES),
    };
  }
  const calls = batch?.calls ?? [];
  if (calls.length === 0 || calls.length > MAX_BATCH_CALLS) {
    refuseField(`${field}.batch.calls`, `must have 1 to ${MAX_BATCH_CALLS} calls`, calls.length);
  }
  return { kind: "batch", calls: calls.map((one, i) => parseCall(one, `${field}.batch.calls[${i}]`)) };
}

function parseCall(call: Call, field: string): CallStruct {
  return {
    to: parseAddress(`${field}.to`, call.to),
    value: parseUint(`${field}.value`, call.value, 256),
    data: parseBytes(`${field}.data`, call.data, MAX_CALLDATA_BYTES),
  };
}
