import type { AbiParameter } from "viem";
import { type ArgumentValue, typedValue } from "./argument-value.js";
import type { Condition } from "./condition-schema.js";
import { arrayType, tupleComponents } from "./function-signature.js";
import { type DocumentProblem, seen } from "./problem.js";

/** A step from a value to a part of it: a field's or an element's position. */
export type Step = number;

/** Where a test looks: the path as written, the positions it stands for, and the ABI type found there. */
interface Place {
  readonly path: string;
  readonly steps: readonly Step[];
  readonly type: string;
}

/** A condition with its paths resolved and its values in the argument's own type. */
export type CompiledCondition =
  | { readonly op: "and" | "or"; readonly of: readonly CompiledCondition[] }
  | { readonly op: "not"; readonly of: CompiledCondition }
  | (Place & { readonly op: "eq" | "ne"; readonly value: ArgumentValue })
  | (Place & { readonly op: "lt" | "lte" | "gt" | "gte"; readonly value: bigint })
  | (Place & { readonly op: "in"; readonly values: ReadonlySet<ArgumentValue> })
  | (Place & { readonly op: "bitmask"; readonly mask: bigint; readonly value: bigint })
  | (Place & { readonly op: "every" | "some"; readonly of: CompiledCondition })
  | (Place & { readonly op: "eqAccount" });

/** What a path is resolved against: the arguments of a function, or one element inside every and some. */
type Scope = { readonly arguments: readonly AbiParameter[] } | { readonly element: AbiParameter };

/**
 * Resolves `condition` against the arguments of a function.
 * @param at JSON path of the condition, for the problems
 * @param problems collects what is wrong; the result is undefined when anything is
 */
export function compileCondition(
  condition: Condition,
  scope: Scope,
  at: string,
  problems: DocumentProblem[],
): CompiledCondition | undefined {
  if (isJunction(condition)) {
    const of = condition.of.map((child, i) => compileCondition(child, scope, `${at}.of[${i}]`, problems));
    const whole = of.filter((child) => child !== undefined);
    return whole.length === of.length ? { op: condition.op, of: whole } : undefined;
  }
  if (condition.op === "not") {
    const of = compileCondition(condition.of, scope, `${at}.of`, problems);
    return of && { op: "not", of };
  }
  const found = resolve(condition.path, scope);
  if (found === undefined) {
    problems.push({ path: `${at}.path`, rule: "must name an argument of the function", value: condition.path });
    return undefined;
  }
  return compileTest(condition, found.steps, found.parameter, at, problems);
}

type Junction = Extract<Condition, { readonly of: readonly Condition[] }>;
type PathCondition = Extract<Condition, { readonly path: string }>;

function isJunction(condition: Condition): condition is Junction {
  return condition.op === "and" || condition.op === "or";
}

function compileTest(
  condition: PathCondition,
  steps: readonly Step[],
  parameter: AbiParameter,
  at: string,
  problems: DocumentProblem[],
): CompiledCondition | undefined {
  const { path } = condition;
  const place = { path, steps, type: parameter.type };
  const refuse = (field: string, rule: string, value: unknown): undefined => {
    problems.push({ path: `${at}.${field}`, rule, value: seen(value) });
    return undefined;
  };
  switch (condition.op) {
    case "eq":
    case "ne": {
      const value = typedValue(parameter.type, condition.value);
      if (value === undefined) return refuse("value", `must be a value of type ${parameter.type}`, condition.value);
      return { op: condition.op, ...place, value };
    }
    case "lt":
    case "lte":
    case "gt":
    case "gte": {
      const value = typedValue(parameter.type, condition.value);
      if (typeof value !== "bigint") return refuse("value", `${condition.op} needs an integer argument and value`, condition.value);
      return { op: condition.op, ...place, value };
    }
    case "in": {
      const values = condition.values.map((text) => typedValue(parameter.type, text));
      const wrong = values.indexOf(undefined);
      if (wrong !== -1) return refuse(`values[${wrong}]`, `must be a value of type ${parameter.type}`, condition.values[wrong]);
      return { op: "in", ...place, values: new Set(values.filter((value) => value !== undefined)) };
    }
    case "bitmask": {
      const mask = bits(parameter.type, condition.mask);
      const value = bits(parameter.type, condition.value);
      if (mask === undefined) return refuse("mask", "bitmask needs an unsigned integer or fixed bytes argument and mask", condition.mask);
      if (value === undefined) return refuse("value", `must be a value of type ${parameter.type}`, condition.value);
      if ((value & ~mask) !== 0n) return refuse("value", "must not have bits outside the mask: it could never match", condition.value);
      return { op: "bitmask", ...place, mask, value };
    }
    case "every":
    case "some": {
      const array = arrayType(parameter);
      if (array === undefined) return refuse("path", `${condition.op} needs an array argument`, path);
      const of = compileCondition(condition.of, { element: array.element }, `${at}.of`, problems);
      return of && { op: condition.op, ...place, of };
    }
    case "eqAccount":
      return parameter.type === "address" ? { op: "eqAccount", ...place } : refuse("path", "eqAccount needs an address argument", path);
  }
}

function bits(type: string, text: string): bigint | undefined {
  if (!/^uint\d*$|^bytes\d+$/.test(type)) return undefined;
  const value = typedValue(type, text);
  if (typeof value === "bigint") return value;
  return typeof value === "string" ? BigInt(value) : undefined;
}

function resolve(path: string, scope: Scope): { readonly steps: readonly Step[]; readonly parameter: AbiParameter } | undefined {
  const names = path === "" ? [] : path.split(".");
  const steps: Step[] = [];
  let parameter: AbiParameter | undefined = "element" in scope ? scope.element : undefined;
  let fields: readonly AbiParameter[] | undefined = "arguments" in scope ? scope.arguments : undefined;
  for (const name of names) {
    const inside: readonly AbiParameter[] | undefined = fields ?? (parameter && tupleComponents(parameter));
    const step: { position: number; parameter: AbiParameter } | undefined =
      inside === undefined ? elementOf(parameter, name) : fieldOf(inside, name);
    if (step === undefined) return undefined;
    steps.push(step.position);
    parameter = step.parameter;
    fields = undefined;
  }
  return parameter && { steps, parameter };
}

function fieldOf(fields: readonly AbiParameter[], name: string): { position: number; parameter: AbiParameter } | undefined {
  const position = fields.findIndex((field) => field.name === name);
  const parameter = fields[position];
  return parameter && { position, parameter };
}

function elementOf(parameter: AbiParameter | undefined, name: string): { position: number; parameter: AbiParameter } | undefined {
  const array = parameter && arrayType(parameter);
  if (array === undefined || !/^(0|[1-9][0-9]{0,3})$/.test(name)) return undefined;
  const position = Number(name);
  return array.length !== undefined && position >= array.length ? undefined : { position, parameter: array.element };
}
