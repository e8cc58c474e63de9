import { type Address, type Hex, zeroAddress } from "viem";
import type { ParsedAction } from "#platform/intent/intent.js";
import type { Spend } from "#platform/limits/limits.js";
import type { ResolvedRule } from "#platform/session-policy/resolve-rule.js";
import type { CompiledDocument, FunctionRules } from "./compiled-document.js";
import { decodeCanonical } from "./decode-canonical.js";
import { failedTests } from "./evaluate-condition.js";
import { type Refusal, refusal } from "./refusal.js";

/** One call to judge: which form it came in, and where it stands in the intent. */
export interface JudgedCall {
  readonly form: ParsedAction["kind"];
  readonly path: string;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
}

/**
 * Judges one call by the document: function, canonical encoding, recipient, arguments, value. Default deny.
 * Yields every refusal; returns what the call spends, or undefined when that cannot be known.
 */
export function* judgeCall(compiled: CompiledDocument, call: JudgedCall): Generator<Refusal, readonly Spend[] | undefined> {
  const functions = yield* findFunction(compiled, call);
  if (functions === undefined) return undefined;
  const decoded = decodeCanonical(functions.parameters, call.data);
  if (!decoded.ok) {
    const at = {
      path: `${call.path}.data`,
      operator: "canonical",
      expected: "the canonical encoding of its arguments",
      actual: decoded.why,
    };
    yield refusal("NON_CANONICAL", "the calldata is not its own canonical encoding", at);
    return undefined;
  }
  const rule = yield* findRule(functions, decoded.args, call);
  if (rule === undefined) return undefined;
  yield* checkArguments(compiled, rule, decoded.args);
  yield* checkValue(rule, call);
  return spendsOf(rule, decoded.args, call.value);
}

function* findFunction(compiled: CompiledDocument, call: JudgedCall): Generator<Refusal, FunctionRules | undefined> {
  const { form, path } = call;
  const target = call.to.toLowerCase();
  const functions = compiled.targets.get(target);
  if (functions === undefined) {
    const expected = [...compiled.targets.keys()].join(", ");
    yield refusal("TARGET_NOT_ALLOWED", "no rule names the target", { path: `${path}.to`, operator: "in", expected, actual: target });
    return undefined;
  }
  const selector = call.data.slice(0, 10);
  const named = functions.get(selector);
  if (named === undefined) {
    const expected = [...functions.keys()].join(", ");
    const actual = selector.length < 10 ? "no selector" : selector;
    yield refusal("FUNCTION_NOT_ALLOWED", "no rule names the function", { path: `${path}.data`, operator: "in", expected, actual });
    return undefined;
  }
  if (named.rules.some(({ adapter }) => adapter !== (form === "adapter"))) {
    const expected = form === "adapter" ? "a call" : "an adapter operation";
    yield refusal("FUNCTION_NOT_ALLOWED", `the function is allowed only as ${expected}`, { path, operator: "eq", expected, actual: form });
    return undefined;
  }
  return named;
}

function* findRule({ rules }: FunctionRules, args: readonly unknown[], call: JudgedCall): Generator<Refusal, ResolvedRule | undefined> {
  const found = rules.find((rule) => admits(rule, args));
  if (found !== undefined) return found;
  const [first] = rules;
  yield refusal("RECIPIENT_NOT_ALLOWED", "no rule names the recipient", {
    ruleId: rules.length === 1 ? (first?.rule.id ?? "") : "",
    path: `${call.path}.${first?.recipient?.name ?? "data"}`,
    operator: "in",
    expected: rules.flatMap(({ recipient }) => recipient?.allowed ?? []).join(", "),
    actual: first === undefined ? "" : recipientOf(first, args),
  });
  return undefined;
}

function admits(rule: ResolvedRule, args: readonly unknown[]): boolean {
  return rule.recipient === undefined || rule.recipient.allowed.some((allowed) => allowed === recipientOf(rule, args));
}

function recipientOf({ signature, recipient }: ResolvedRule, args: readonly unknown[]): string {
  return String(args[signature.abi.inputs.findIndex(({ name }) => name === recipient?.name)]).toLowerCase();
}

function* checkArguments(compiled: CompiledDocument, { rule, condition }: ResolvedRule, args: readonly unknown[]): Generator<Refusal> {
  if (condition === undefined) return;
  for (const failed of failedTests(condition, args, compiled.document.account)) {
    yield refusal("ARGUMENT_REFUSED", `${failed.path || "the arguments"} must pass ${failed.operator}`, { ruleId: rule.id, ...failed });
  }
}

function* checkValue({ rule, spends }: ResolvedRule, { form, path, value }: JudgedCall): Generator<Refusal> {
  if (form === "call" && spends.some(({ kind }) => kind === "approve")) {
    const expected = "a call of a batch that also uses the allowance";
    yield refusal("FUNCTION_NOT_ALLOWED", "an approval must be part of a batch", {
      ruleId: rule.id,
      path,
      operator: "eq",
      expected,
      actual: form,
    });
  }
  if (value <= BigInt(rule.valueMax)) return;
  const facts = { ruleId: rule.id, path: `${path}.value`, operator: "lte", expected: rule.valueMax, actual: String(value) };
  yield refusal("VALUE_EXCEEDED", "the native value is above the rule's", facts);
}

function spendsOf({ spends }: ResolvedRule, args: readonly unknown[], value: bigint): readonly Spend[] {
  const tokens = spends.map(({ token, position }) => ({ token, amount: BigInt(String(args[position])) }));
  return value === 0n ? tokens : [...tokens, { token: zeroAddress, amount: value }];
}
