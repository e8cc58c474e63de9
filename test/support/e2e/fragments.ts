import type { Secret } from "./secret.js";

/** Hex digits, and characters of base64 or text, that are no coincidence: 8 and 9 bytes of a secret. */
const [HEX, TEXT, BYTES] = [16, 12, 9];
const PRINTABLE = /^[\x20-\x7e]+$/;

const substrings = (text: string, length: number) =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));

/** Every piece by which a part of the secret would be known: of its hex, its base64 from any byte on, and its own text. */
function fragmentsOf({ bytes }: Secret): readonly string[] {
  const buffer = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.max(0, buffer.length - BYTES + 1) }, (_, at) => buffer.subarray(at, at + BYTES));
  const [hex, text] = [buffer.toString("hex"), buffer.toString("utf8")];
  return [
    ...substrings(hex, HEX),
    ...substrings(hex.toUpperCase(), HEX),
    ...(["base64", "base64url"] as const).flatMap((way) => [
      ...substrings(buffer.toString(way).replace(/=+$/, ""), TEXT),
      ...pieces.map((piece) => piece.toString(way)),
    ]),
    ...(PRINTABLE.test(text) ? substrings(text, TEXT) : []),
  ];
}

/** Names of the secrets of which a part stands somewhere in `text`: a secret that was divided is still found by one of its parts. */
export function partsIn(text: string, secrets: readonly Secret[]): readonly string[] {
  const known = new Map(secrets.flatMap((secret) => fragmentsOf(secret).map((fragment) => [fragment, secret.name] as const)));
  const found = new Set<string>();
  for (const length of [HEX, TEXT]) {
    for (let at = 0; at + length <= text.length; at++) {
      const name = known.get(text.slice(at, at + length));
      if (name !== undefined) found.add(name);
    }
  }
  return [...found].sort();
}

/** Every value in an event one behind the other, without what stands between them: parts too short to be known alone come together. */
export function valuesTogether(line: string): string {
  const values: string[] = [];
  JSON.parse(line, (_, value: unknown) => {
    if (typeof value === "string" || typeof value === "number") values.push(String(value).replace(/^0x/, ""));
    return value;
  });
  return values.join("");
}
