import { type AbiParameter, decodeAbiParameters, encodeAbiParameters, type Hex } from "viem";

/** Arguments by position, tuples as arrays too; or why the bytes are not the one canonical encoding of any. */
export type Decoded = { readonly ok: true; readonly args: readonly unknown[] } | { readonly ok: false; readonly why: string };

/**
 * Decodes calldata strictly: the arguments must encode back to the very same bytes. A lenient decoder accepts dirty address
 * bits, trailing bytes and odd offsets that the contract reads differently; any throw counts as not canonical.
 * @param parameters types of the arguments, with their names taken off (positionalParameters)
 * @param data the calldata, selector included
 */
export function decodeCanonical(parameters: readonly AbiParameter[], data: Hex): Decoded {
  const body: Hex = `0x${data.slice(10)}`;
  try {
    // viem refuses to decode nothing into no arguments.
    if (parameters.length === 0) return body === "0x" ? { ok: true, args: [] } : { ok: false, why: "bytes after the selector" };
    const args = decodeAbiParameters(parameters, body);
    return encodeAbiParameters(parameters, args) === body ? { ok: true, args } : { ok: false, why: "re-encoding gives other bytes" };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.name : "undecodable" };
  }
}

/** The same types without names, so that tuples decode to arrays and a path is a list of positions. */
export function positionalParameters(parameters: readonly AbiParameter[]): readonly AbiParameter[] {
  return parameters.map((parameter) => {
    if (!("components" in parameter)) return { type: parameter.type };
    return { type: parameter.type, components: positionalParameters(parameter.components) };
  });
}
