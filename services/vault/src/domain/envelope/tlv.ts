/** One field of a TLV string: a tag of one byte and its value; a bigint stands for its canonical decimal text. */
export type TlvField = readonly [tag: number, value: Uint8Array | string | bigint | number];

/**
 * Length-prefixed TLV: per field one byte of tag, four bytes of big-endian length, the value.
 * Every value has its length in front, so no two lists of fields give the same bytes; JSON gives no such promise.
 * @throws RangeError when tags do not ascend strictly: order is part of the format
 */
export function encodeTlv(fields: readonly TlvField[]): Buffer {
  const parts: Buffer[] = [];
  let before = 0;
  for (const [tag, value] of fields) {
    if (!Number.isInteger(tag) || tag <= before || tag > 255) throw new RangeError(`TLV tag ${tag} does not follow ${before}`);
    before = tag;
    const bytes = toBytes(value);
    const head = Buffer.alloc(5);
    head.writeUInt8(tag, 0);
    head.writeUInt32BE(bytes.length, 1);
    parts.push(head, bytes);
  }
  return Buffer.concat(parts);
}

function toBytes(value: Uint8Array | string | bigint | number): Buffer {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (typeof value === "object") return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Buffer.from(String(value), "ascii");
}
