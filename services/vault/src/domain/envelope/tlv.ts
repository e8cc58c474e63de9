/** One field of a TLV string: a tag of one byte and its value; a bigint stands for its canonical decimal text. */
export type TlvField = readonly [tag: number, value: Uint8Array | string | bigint | number];

/**
 * Length-prefixed TLV: per field one byte of tag, four bytes of big-endian length, the value.
 * Every value has its length in front, so no two lists of fields give the same bytes; JSON gives no such promise.
 * @throws RangeError when tags do not ascend strictly: order is part of the format
 */
export function encodeTlv(fields: readonly TlvField[]): Buffer {
  const values: Uint8Array[] = [];
  let size = 0;
  for (const [, value] of fields) {
    const bytes = toBytes(value);
    values.push(bytes);
    size += HEAD_BYTES + bytes.length;
  }
  const out = Buffer.allocUnsafe(size);
  let [at, before] = [0, 0];
  for (const [i, bytes] of values.entries()) {
    const tag = fields[i]?.[0] ?? 0;
    if (!Number.isInteger(tag) || tag <= before || tag > 255) throw new RangeError(`TLV tag ${tag} does not follow ${before}`);
    before = tag;
    out[at] = tag;
    out.writeUInt32BE(bytes.length, at + 1);
    out.set(bytes, at + HEAD_BYTES);
    at += HEAD_BYTES + bytes.length;
  }
  return out;
}

/** Tag and length. */
const HEAD_BYTES = 5;

function toBytes(value: Uint8Array | string | bigint | number): Uint8Array {
  return typeof value === "object" ? value : Buffer.from(String(value), "utf8");
}
