import { operationsOf, type ParsedAction, type ParsedIntent } from "#platform/intent/intent.js";
import type { Operation, Spend } from "#platform/limits/limits.js";
import type { CompiledDocument } from "./compiled-document.js";
import { type JudgedCall, judgeCall } from "./judge-call.js";
import { type Refusal, refusal } from "./refusal.js";

/**
 * Judges every call of the intent; one refused call refuses a whole batch.
 * Returns what the action costs, or undefined when a call's spending could not be read.
 */
export function* judgeAction(compiled: CompiledDocument, intent: ParsedIntent): Generator<Refusal, Operation | undefined> {
  const spends: Spend[] = [];
  let readable = true;
  for (const call of callsOf(intent.action)) {
    yield* refuseOwnContracts(compiled, intent, call);
    const spent = yield* judgeCall(compiled, call);
    if (spent === undefined) readable = false;
    else spends.push(...spent);
  }
  return readable ? { operations: operationsOf(intent.action), spends } : undefined;
}

function callsOf(action: ParsedAction): readonly JudgedCall[] {
  const { kind: form } = action;
  switch (action.kind) {
    case "call":
      return [{ form, path: "call", ...action.call }];
    case "adapter":
      return [{ form, path: "adapter", to: action.adapter, value: 0n, data: action.args }];
    case "batch":
      return action.calls.map((call, i) => ({ form, path: `calls[${i}]`, ...call }));
  }
}

/** The module refuses calls to the account and to itself whatever a policy says. */
function* refuseOwnContracts({ document }: CompiledDocument, { module }: ParsedIntent, { to, path }: JudgedCall): Generator<Refusal> {
  const target = to.toLowerCase();
  if (target !== document.account && target !== module.toLowerCase()) return;
  const expected = "neither the account nor the session module";
  yield refusal("TARGET_NOT_ALLOWED", "a session never calls its own account or module", {
    path: `${path}.to`,
    operator: "ne",
    expected,
    actual: target,
  });
}
