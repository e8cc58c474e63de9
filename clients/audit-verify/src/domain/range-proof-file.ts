import { HASH_SIZE } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import type { RangeProof } from "#platform/transparency-log/prove.js";

const HEAD = "interlock-range-proof/1";

/** A range proof as text: a head line, begin, end and size, then the hashes of both sides in base64, an empty line between them. */
export function formatRangeProof({ begin, end, size, left, right }: RangeProof): string {
  const lines = (hashes: readonly Buffer[]) => hashes.map((hash) => `${hash.toString("base64")}\n`).join("");
  return `${HEAD}\n${begin} ${end} ${size}\n${lines(left)}\n${lines(right)}`;
}

/** @throws LogError BAD_PROOF when `text` is not exactly such a file */
export function parseRangeProof(text: string): RangeProof {
  const [head, places = "", ...rest] = text.split("\n");
  const [, begin, end, size] = /^(\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(places) ?? [];
  const middle = rest.indexOf("");
  if (head !== HEAD || begin === undefined || end === undefined || size === undefined || middle === -1 || rest.at(-1) !== "") {
    throw new LogError("BAD_PROOF", "range.proof is malformed");
  }
  const right = rest.slice(middle + 1, -1);
  return {
    begin: Number(begin),
    end: Number(end),
    size: Number(size),
    left: rest.slice(0, middle).map(parseHash),
    // With nothing on the right the empty line is the file's last but one.
    right: right.map(parseHash),
  };
}

function parseHash(text: string): Buffer {
  const hash = Buffer.from(text, "base64");
  if (hash.length !== HASH_SIZE || hash.toString("base64") !== text)
    throw new LogError("BAD_PROOF", "range.proof holds something that is no hash");
  return hash;
}
