import { type AbiFunction, type AbiParameter, type Hex, parseAbiItem, toFunctionSelector } from "viem";

/** A function of the language: its ABI item and where each argument's word stands. */
export interface FunctionSignature {
  readonly abi: AbiFunction;
  readonly selector: Hex;
  /** Exact calldata bytes when every argument is static, else undefined. */
  readonly exactLength: number | undefined;
}

/** Parses `transfer(address to,uint256 amount)`. @returns undefined when it is no function whose arguments all have different names. */
export function parseFunction(fn: string): FunctionSignature | undefined {
  const abi = parseSignature(fn);
  if (abi === undefined) return undefined;
  const names = abi.inputs.map(({ name }) => name);
  if (names.some((name) => name === undefined || name === "") || new Set(names).size !== names.length) return undefined;
  const words = abi.inputs.map(headWords);
  const dynamic = abi.inputs.some(isDynamic);
  const total = words.reduce((sum, count) => sum + count, 0);
  return { abi, selector: toFunctionSelector(abi), exactLength: dynamic ? undefined : 4 + 32 * total };
}

function parseSignature(fn: string): AbiFunction | undefined {
  if (!/^[A-Za-z_$][\w$]*\s*\([^;{}]*\)$/.test(fn)) return undefined;
  try {
    const item: unknown = parseAbiItem(`function ${fn}`);
    return isAbiFunction(item) ? item : undefined;
  } catch {
    return undefined;
  }
}

function isAbiFunction(item: unknown): item is AbiFunction {
  return typeof item === "object" && item !== null && "type" in item && item.type === "function";
}

/** Index of the 32-byte word, counted after the selector, where the head of argument `name` begins; undefined when there is none. */
export function argumentWord({ abi }: FunctionSignature, name: string): number | undefined {
  let word = 0;
  for (const input of abi.inputs) {
    if (input.name === name) return word;
    word += headWords(input);
  }
  return undefined;
}

/** The argument `name`, or undefined. */
export function argumentOf({ abi }: FunctionSignature, name: string): AbiParameter | undefined {
  return abi.inputs.find((input) => input.name === name);
}

function headWords(parameter: AbiParameter): number {
  if (isDynamic(parameter)) return 1;
  const array = arrayType(parameter);
  if (array !== undefined) return (array.length ?? 0) * headWords(array.element);
  return tupleComponents(parameter)?.reduce((sum, component) => sum + headWords(component), 0) ?? 1;
}

function isDynamic(parameter: AbiParameter): boolean {
  const array = arrayType(parameter);
  if (array !== undefined) return array.length === undefined || isDynamic(array.element);
  const components = tupleComponents(parameter);
  if (components !== undefined) return components.some(isDynamic);
  return parameter.type === "bytes" || parameter.type === "string";
}

/** Element and length (undefined: any) of an array type; undefined for other types. */
export function arrayType(parameter: AbiParameter): { readonly element: AbiParameter; readonly length: number | undefined } | undefined {
  const match = /^(.*)\[([0-9]*)\]$/.exec(parameter.type);
  if (match === null) return undefined;
  const [, type = "", length = ""] = match;
  return { element: { ...parameter, type }, length: length === "" ? undefined : Number(length) };
}

/** Fields of a tuple type; undefined for other types. */
export function tupleComponents(parameter: AbiParameter): readonly AbiParameter[] | undefined {
  return parameter.type === "tuple" && "components" in parameter ? parameter.components : undefined;
}
