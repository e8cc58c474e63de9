import { concatHex, encodeAbiParameters, type Hex, parseAbiParameters, toFunctionSelector } from "viem";

const known = new Map<string, { readonly selector: Hex; readonly parameters: readonly { readonly type: string }[] }>();

/** ABI encoding of a custom error, e.g. `errorData("RateLimited(uint40)", [at])`. */
export function errorData(signature: string, args: readonly unknown[]): Hex {
  const types = signature.slice(signature.indexOf("(") + 1, -1);
  const parameters = types === "" ? [] : parseAbiParameters(types);
  const entry = known.get(signature) ?? { selector: toFunctionSelector(signature), parameters };
  known.set(signature, entry);
  return concatHex([entry.selector, encodeAbiParameters(entry.parameters, args)]);
}

/** The model says no; `data` is what the contract must revert with. An empty signature stands for a revert without data. */
export class Refusal extends Error {
  readonly data: Hex;

  constructor(signature: string, ...args: readonly unknown[]) {
    super(signature);
    this.data = signature === "" ? "0x" : errorData(signature, args);
  }
}
