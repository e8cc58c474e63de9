import { createHash } from "node:crypto";
import type { OnLine } from "../adapters/line-reader.js";
import { isWithheld } from "../domain/withheld-line.js";

interface Link {
  readonly sequence: bigint;
  readonly hash: string;
  readonly index: number;
}

/**
 * The first entry whose successor of the same producer names another hash: where somebody changed entries and the list of their hashes
 * together. Slow; only for a log that is known to be wrong.
 * @returns undefined when no producer's chain shows it
 */
export async function brokenLink(read: (onLine: OnLine) => Promise<void>, begin: number): Promise<number | undefined> {
  const last = new Map<string, Link>();
  let index = begin;
  let broken: number | undefined;
  await read((bytes, start, end) => {
    const here = index++;
    if (broken !== undefined || isWithheld(bytes, start, end)) return;
    const event = linkOf(bytes.toString("utf8", start, end));
    if (event === undefined) {
      broken = here;
      return;
    }
    const before = last.get(event.source);
    if (before !== undefined && event.sequence === before.sequence + 1n && event.previous !== before.hash) broken = before.index;
    const hash = createHash("sha256").update(bytes.subarray(start, end)).digest("hex");
    last.set(event.source, { sequence: event.sequence, hash, index: here });
  });
  return broken;
}

function linkOf(line: string): { readonly source: string; readonly sequence: bigint; readonly previous: string } | undefined {
  try {
    const fields = new Map(Object.entries(JSON.parse(line) as object));
    const [source, sequence, previous] = ["source", "sequence", "previoushash"].map((name) => String(fields.get(name)));
    if (source === undefined || previous === undefined || !/^[0-9]{20}$/.test(sequence ?? "")) return undefined;
    return { source, sequence: BigInt(sequence ?? ""), previous };
  } catch {
    return undefined;
  }
}
