import { type Address, type Hex, toFunctionSignature, zeroAddress } from "viem";
import { type CompiledCondition, compileCondition } from "./compile-condition.js";
import { forwardsCalls } from "./forwarding-functions.js";
import { argumentOf, argumentWord, type FunctionSignature, parseFunction } from "./function-signature.js";
import { type KnownFunction, knownFunction, usesAdapter } from "./known-functions.js";
import type { DocumentProblem } from "./problem.js";
import { admittedRecipients } from "./recipients.js";
import type { PolicyRule } from "./schema.js";

/** What a rule spends, with the amount's place: position among the arguments and word of the calldata. */
export interface ResolvedSpend {
  readonly token: Address;
  readonly path: string;
  readonly kind: "transfer" | "approve";
  readonly position: number;
  readonly word: number;
}

/** A rule whose function, paths and recipients are understood. */
export interface ResolvedRule {
  readonly rule: PolicyRule;
  readonly signature: FunctionSignature;
  readonly selector: Hex;
  /** Called through execAdapter. */
  readonly adapter: boolean;
  /** The chain counts it as a token's transfer or approval: no native value, approvals in a batch only. */
  readonly known: KnownFunction | undefined;
  /** The recipient argument and whom it may name; undefined when the function has none (scope leaf with recipient 0). */
  readonly recipient: { readonly name: string; readonly word: number; readonly allowed: readonly Address[] } | undefined;
  readonly condition: CompiledCondition | undefined;
  readonly spends: readonly ResolvedSpend[];
}

/** Most recipients of one rule. */
const MAX_RECIPIENTS = 128;

/** Understands one rule; undefined, with `problems` extended, when it cannot be. `at` is its JSON path. */
export function resolveRule(rule: PolicyRule, account: Address, at: string, problems: DocumentProblem[]): ResolvedRule | undefined {
  const before = problems.length;
  const signature = parseFunction(rule.fn);
  if (signature === undefined) {
    problems.push({ path: `${at}.fn`, rule: "must be a function signature whose arguments have different names", value: rule.fn });
    return undefined;
  }
  const plain = toFunctionSignature(signature.abi);
  if (forwardsCalls(signature.abi.name, plain)) {
    problems.push({ path: `${at}.fn`, rule: "carries other calls and no decoder for it is registered", value: rule.fn });
  }
  if (rule.target === account) problems.push({ path: `${at}.target`, rule: "must not be the account itself", value: rule.target });
  const known = knownFunction(rule.protocol, plain);
  if (known === undefined && usesAdapter(rule.protocol)) {
    problems.push({ path: `${at}.fn`, rule: `is no operation of the ${rule.protocol} adapter`, value: rule.fn });
  }
  const scope = { arguments: signature.abi.inputs };
  const condition = rule.where && compileCondition(rule.where, scope, `${at}.where`, problems);
  const spends = resolveSpends(rule, signature, at, problems);
  if (known !== undefined) checkKnown(rule, known, signature, at, problems);
  const recipient = resolveRecipient(rule, signature, known, condition, account, at, problems);
  if (problems.length > before) return undefined;
  return { rule, signature, selector: signature.selector, adapter: usesAdapter(rule.protocol), known, recipient, condition, spends };
}

function resolveSpends(rule: PolicyRule, signature: FunctionSignature, at: string, problems: DocumentProblem[]): ResolvedSpend[] {
  return rule.spends.flatMap((spend, i) => {
    const word = argumentWord(signature, spend.path);
    const position = signature.abi.inputs.findIndex(({ name }) => name === spend.path);
    if (word === undefined || !/^uint\d*$/.test(argumentOf(signature, spend.path)?.type ?? "")) {
      problems.push({ path: `${at}.spends[${i}].path`, rule: "must name a top-level unsigned integer argument", value: spend.path });
      return [];
    }
    return [{ ...spend, position, word }];
  });
}

function checkKnown(rule: PolicyRule, known: KnownFunction, signature: FunctionSignature, at: string, problems: DocumentProblem[]): void {
  if (rule.valueMax !== "0")
    problems.push({ path: `${at}.valueMax`, rule: "must be 0: this function takes no native value", value: rule.valueMax });
  if (known.fee !== undefined) checkFee(rule, signature.abi.inputs[known.fee]?.name ?? "", at, problems);
  if (known.kind === "adapter-free") return;
  const amount = signature.abi.inputs[known.amount]?.name ?? "";
  const kind = known.kind === "approve" ? "approve" : "transfer";
  const counted = rule.spends.some(
    (spend) => spend.path === amount && spend.kind === kind && (known.kind === "adapter-spend" || spend.token === rule.target),
  );
  if (counted) return;
  const token = known.kind === "adapter-spend" ? "the token that is paid" : rule.target;
  problems.push({
    path: `${at}.spends`,
    rule: `must count ${amount} as ${kind} of ${token}, as the chain does`,
    value: JSON.stringify(rule.spends),
  });
}

/** An execution fee leaves the Safe as native value: the chain counts it against the budget of token 0x0. */
function checkFee(rule: PolicyRule, fee: string, at: string, problems: DocumentProblem[]): void {
  if (rule.spends.some(({ path, token, kind }) => path === fee && token === zeroAddress && kind === "transfer")) return;
  problems.push({
    path: `${at}.spends`,
    rule: `must count ${fee} as transfer of ${zeroAddress}, as the chain does`,
    value: JSON.stringify(rule.spends),
  });
}

function resolveRecipient(
  rule: PolicyRule,
  signature: FunctionSignature,
  known: KnownFunction | undefined,
  condition: CompiledCondition | undefined,
  account: Address,
  at: string,
  problems: DocumentProblem[],
): ResolvedRule["recipient"] {
  const name = known === undefined ? rule.recipient : (signature.abi.inputs[known.recipient]?.name ?? "");
  if (name === undefined) return undefined;
  const word = argumentWord(signature, name);
  if (word === undefined || argumentOf(signature, name)?.type !== "address" || (rule.recipient ?? name) !== name) {
    problems.push({
      path: `${at}.recipient`,
      rule: "must name the recipient: a top-level address argument",
      value: rule.recipient ?? name,
    });
    return undefined;
  }
  const position = signature.abi.inputs.findIndex((input) => input.name === name);
  const admitted = condition && admittedRecipients(condition, position, account);
  if (admitted === undefined || admitted.size === 0 || admitted.size > MAX_RECIPIENTS) {
    const wanted = `must bound the recipient ${name} to 1..${MAX_RECIPIENTS} addresses by eq, in or eqAccount`;
    problems.push({ path: `${at}.where`, rule: wanted, value: admitted === undefined ? "unbounded" : `${admitted.size} recipients` });
    return undefined;
  }
  return { name, word, allowed: [...admitted].toSorted() as Address[] };
}
