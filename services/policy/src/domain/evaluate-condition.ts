import { type ArgumentValue, comparable } from "#platform/session-policy/argument-value.js";
import type { CompiledCondition } from "#platform/session-policy/compile-condition.js";

/** A test that did not hold, in the words of the document. */
export interface FailedTest {
  readonly path: string;
  readonly operator: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * The tests of `condition` that do not hold for `root`, in order; none when the condition holds.
 * @param root the decoded arguments by position, or one element inside every and some
 * @param account lower-case address that eqAccount compares with
 * @param prefix path of `root` for the report
 */
export function* failedTests(condition: CompiledCondition, root: unknown, account: string, prefix = ""): Generator<FailedTest> {
  switch (condition.op) {
    case "and":
      for (const child of condition.of) yield* failedTests(child, root, account, prefix);
      return;
    case "or":
      if (!condition.of.some((child) => holds(child, root, account))) {
        for (const child of condition.of) yield* failedTests(child, root, account, prefix);
      }
      return;
    case "not":
      if (holds(condition.of, root, account))
        yield { path: prefix, operator: "not", expected: "the condition not to hold", actual: "it holds" };
      return;
    case "every":
    case "some":
      yield* failedElements(condition, root, account, prefix);
      return;
    default:
      yield* failedScalar(condition, root, account, prefix);
  }
}

function holds(condition: CompiledCondition, root: unknown, account: string): boolean {
  return failedTests(condition, root, account).next().done === true;
}

type ElementTest = Extract<CompiledCondition, { readonly op: "every" | "some" }>;
type ScalarTest = Exclude<CompiledCondition, { readonly op: "and" | "or" | "not" | "every" | "some" }>;

function* failedElements(condition: ElementTest, root: unknown, account: string, prefix: string): Generator<FailedTest> {
  const value = valueAt(root, condition.steps);
  const elements: readonly unknown[] = Array.isArray(value) ? value : [];
  const path = join(prefix, condition.path);
  if (condition.op === "some") {
    if (elements.some((element) => holds(condition.of, element, account))) return;
    yield { path, operator: "some", expected: "one element that passes", actual: `none of ${elements.length}` };
    return;
  }
  for (const [i, element] of elements.entries()) yield* failedTests(condition.of, element, account, `${path}[${i}]`);
}

function* failedScalar(condition: ScalarTest, root: unknown, account: string, prefix: string): Generator<FailedTest> {
  const actual = comparable(condition.type, valueAt(root, condition.steps));
  if (actual !== undefined && passes(condition, actual, account)) return;
  const path = join(prefix, condition.path);
  yield {
    path,
    operator: condition.op,
    expected: expectation(condition, account),
    actual: actual === undefined ? "nothing" : String(actual),
  };
}

function passes(condition: ScalarTest, actual: ArgumentValue, account: string): boolean {
  switch (condition.op) {
    case "eq":
      return actual === condition.value;
    case "ne":
      return actual !== condition.value;
    case "lt":
      return BigInt(actual) < condition.value;
    case "lte":
      return BigInt(actual) <= condition.value;
    case "gt":
      return BigInt(actual) > condition.value;
    case "gte":
      return BigInt(actual) >= condition.value;
    case "in":
      return condition.values.has(actual);
    case "bitmask":
      return (BigInt(actual) & condition.mask) === condition.value;
    case "eqAccount":
      return actual === account;
  }
}

function expectation(condition: ScalarTest, account: string): string {
  switch (condition.op) {
    case "in":
      return [...condition.values].join(", ");
    case "bitmask":
      return `0x${condition.value.toString(16)} under mask 0x${condition.mask.toString(16)}`;
    case "eqAccount":
      return account;
    default:
      return String(condition.value);
  }
}

function valueAt(root: unknown, steps: readonly number[]): unknown {
  return steps.reduce<unknown>((value, step) => (Array.isArray(value) ? value[step] : undefined), root);
}

function join(prefix: string, path: string): string {
  return prefix !== "" && path !== "" ? `${prefix}.${path}` : prefix + path;
}
