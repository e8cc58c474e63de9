import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EntryRepository } from "../adapters/entry-repository.js";
import { type Entry, mayRead, type Reader } from "../domain/entry.js";

export const MAX_PAGE = 500;

export interface Page {
  readonly entries: readonly (Entry & { readonly withheld: boolean })[];
  readonly next: bigint;
}

/** Reads the stream for somebody: everything in order, what they may not see withheld. */
export class Reading {
  constructor(private readonly entries: EntryRepository) {}

  async page(reader: Reader, from: bigint, limit: number): Promise<Page> {
    const found = await this.entries.read(from, Math.min(Math.max(limit, 1), MAX_PAGE));
    const entries = found.map((entry) => ({ ...entry, withheld: !mayRead(reader, entry) }));
    return { entries, next: found.at(-1) === undefined ? from : from + BigInt(found.length) };
  }

  /** Settled entries of the whole log as NDJSON; for readers from whom nothing is withheld. */
  lines(from: bigint, limit: number): Promise<{ readonly text: string; readonly count: number }> {
    return this.entries.readLines(from, limit);
  }

  /** The first entry whose bytes are still there. */
  first(): Promise<bigint> {
    return this.entries.first();
  }

  /** How many entries a signed checkpoint covers: only those are shown. */
  settled(): Promise<bigint> {
    return this.entries.settled();
  }
}

/** A position as clients write it. @throws InterlockError VALIDATION_FAILED. */
export function parsePosition(value: string, field: string): bigint {
  if (value === "") return 0n;
  if (/^[0-9]{1,18}$/.test(value)) return BigInt(value);
  throw new InterlockError("VALIDATION_FAILED", `${field}: must be a whole number of at most 18 digits`, {
    details: { field, rule: "whole number of at most 18 digits", value: value.slice(0, 40) },
  });
}
