import { encodeAbiParameters, type Hex, parseAbiParameters, toFunctionSelector } from "viem";
import { POLICY_TYPE } from "../model/policy.js";

const CALL = "(address to,uint256 value,bytes data)";
const known = new Map<string, { readonly selector: Hex; readonly parameters: readonly { readonly type: string }[] }>();

/** Calldata for a function written as in the design, with `Policy` and `Call` as its structs: `arm(Policy)`. */
export function calldata(signature: string, args: readonly unknown[]): Hex {
  const { selector, parameters } = lookUp(signature);
  return parameters.length === 0 ? selector : `${selector}${encodeAbiParameters(parameters, args).slice(2)}`;
}

/** ABI encoding of return values. */
export function answer(types: string, values: readonly unknown[]): Hex {
  const entry = known.get(types) ?? { selector: "0x" as const, parameters: parseAbiParameters(types) };
  known.set(types, entry);
  return encodeAbiParameters(entry.parameters, values);
}

function lookUp(signature: string) {
  const found = known.get(signature);
  if (found !== undefined) return found;
  const open = signature.indexOf("(");
  const types = signature
    .slice(open + 1, -1)
    .split(",")
    .map((type) => type.replace(/^Policy/, POLICY_TYPE).replace(/^Call/, CALL));
  const parameters = types.join("") === "" ? [] : parseAbiParameters(types.join(","));
  const bare = types.map((type) => type.replaceAll(/ [a-zA-Z]+/g, "")).join(",");
  const entry = { selector: toFunctionSelector(`${signature.slice(0, open)}(${bare})`), parameters };
  known.set(signature, entry);
  return entry;
}
