/** A scalar argument in the form all comparisons use: integers as bigint, addresses and bytes in lower-case hex. */
export type ArgumentValue = bigint | boolean | string;

/** `text` of a document as a value of the ABI type `type`; undefined when it is none, or the type is no scalar. */
export function typedValue(type: string, text: string): ArgumentValue | undefined {
  const integer = /^(u?)int(\d*)$/.exec(type);
  if (integer !== null) return typedInteger(text, integer[1] === "u", integer[2] === "" ? 256 : Number(integer[2]));
  if (type === "address") return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : undefined;
  if (type === "bool") return text === "true" ? true : text === "false" ? false : undefined;
  if (type === "string") return text;
  if (type === "bytes") return /^0x([0-9a-fA-F]{2})*$/.test(text) ? text.toLowerCase() : undefined;
  const fixed = /^bytes(\d+)$/.exec(type);
  if (fixed === null || !/^0x[0-9a-fA-F]*$/.test(text) || text.length !== 2 + 2 * Number(fixed[1])) return undefined;
  return text.toLowerCase();
}

function typedInteger(text: string, unsigned: boolean, bits: number): bigint | undefined {
  if (!/^(-?(0|[1-9][0-9]{0,77})|0x[0-9a-fA-F]{1,64})$/.test(text) || text === "-0") return undefined;
  const value = BigInt(text);
  const fits = unsigned ? BigInt.asUintN(bits, value) === value : BigInt.asIntN(bits, value) === value;
  return fits ? value : undefined;
}

/** An argument as viem decodes it, in comparable form; undefined for arrays and tuples, which have no operator of their own. */
export function comparable(type: string, value: unknown): ArgumentValue | undefined {
  if (typeof value === "bigint" || typeof value === "boolean") return value;
  // viem decodes integers of up to 48 bits as numbers.
  if (typeof value === "number") return BigInt(value);
  if (typeof value !== "string") return undefined;
  return type === "string" ? value : value.toLowerCase();
}
