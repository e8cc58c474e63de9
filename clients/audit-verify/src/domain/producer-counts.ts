import type { EventAttributes } from "./event-attributes.js";
import type { Finding, ProducerCount } from "./verdict.js";

interface Count {
  readonly first: string;
  last: bigint;
  text: string;
  events: number;
  /** Withheld entries that were met when `last` was. */
  withheld: number;
}

const MAX_FINDINGS = 100;

/**
 * Follows the count of every producer through the log. A number that is left out is an event that never reached the log, unless enough
 * entries in between are withheld to be it. One that goes back or comes twice cannot be in an honest log.
 */
export class ProducerCounts {
  readonly findings: Finding[] = [];
  readonly #counts = new Map<string, Count>();

  /** @param complete the entries begin with the log's first, so a producer must begin with its first event */
  constructor(private readonly complete: boolean) {}

  /** The event at `index`, before which `withheld` entries were withheld. */
  see({ source, sequence }: EventAttributes, index: number, withheld: number): void {
    const known = this.#counts.get(source);
    if (known === undefined) {
      const count: Count = { first: sequence, last: BigInt(sequence), text: sequence, events: 1, withheld };
      this.#counts.set(source, count);
      const missing = count.last - 1n;
      if (this.complete && missing > BigInt(withheld)) this.#find("PRODUCER_GAP", index, `${source} begins with ${count.last}`);
      return;
    }
    known.events += 1;
    // Nearly always the next number: compared as text, which costs no big integers.
    const expected = known.last + 1n;
    const value = BigInt(sequence);
    if (value !== expected) this.#irregular(source, known, value, index, withheld);
    if (value > known.last) known.last = value;
    known.text = sequence;
    known.withheld = withheld;
  }

  get producers(): readonly ProducerCount[] {
    const all = [...this.#counts.entries()].map(([source, { first, last, events }]) => ({
      source,
      first,
      last: last.toString().padStart(20, "0"),
      events,
    }));
    return all.sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  #irregular(source: string, known: Count, value: bigint, index: number, withheld: number): void {
    if (value === known.last) this.#find("DUPLICATE", index, `${source} counts ${value} twice`);
    else if (value < known.last) this.#find("REORDERED", index, `${source} counts ${value} after ${known.last}`);
    else if (value - known.last - 1n > BigInt(withheld - known.withheld)) {
      this.#find("PRODUCER_GAP", index, `${source} goes from ${known.last} to ${value}`);
    }
  }

  #find(kind: Finding["kind"], index: number, message: string): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ kind, index, message });
  }
}
