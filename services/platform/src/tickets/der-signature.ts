/** Tag, length and a sign byte for each of r and s, in front of them the sequence's. */
const LONGEST = 2 + 2 * (2 + 33);
const [SEQUENCE, INTEGER] = [0x30, 0x02];

/**
 * ECDSA-Sig-Value (RFC 3279) of r and s, 32 bytes each: asked for the other encoding, node:crypto spends half as much again on looking at
 * the key.
 */
export function derSignature(signature: Uint8Array): Buffer {
  const der = Buffer.allocUnsafe(LONGEST);
  const middle = writeInteger(der, 2, signature, 0);
  const end = writeInteger(der, middle, signature, 32);
  der[0] = SEQUENCE;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/** Writes the integer in the 32 bytes from `from`, shortest form (X.690, 8.3), and gives where it ends. */
function writeInteger(der: Buffer, at: number, signature: Uint8Array, from: number): number {
  const last = from + 31;
  let first = from;
  while (first < last && signature[first] === 0) first += 1;
  const positive = (signature[first] ?? 0) < 0x80;
  let end = at + 2;
  if (!positive) der[end++] = 0;
  for (let i = first; i <= last; i += 1) der[end++] = signature[i] ?? 0;
  der[at] = INTEGER;
  der[at + 1] = end - at - 2;
  return end;
}
