import type { EventAttributes } from "./event-attributes.js";
import type { Finding, ProducerCount } from "./verdict.js";

interface Count {
  readonly source: Buffer;
  readonly first: number;
  last: number;
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
  readonly #counts: Count[] = [];

  /** @param complete the entries begin with the log's first, so a producer must begin with its first event */
  constructor(private readonly complete: boolean) {}

  /** The event at `index`, before which `withheld` entries were withheld. */
  see(event: EventAttributes, index: number, withheld: number): void {
    const { sequence } = event;
    const known = this.#known(event);
    if (known === undefined) {
      const source = Buffer.from(event.bytes.subarray(event.sourceStart, event.sourceEnd));
      this.#counts.push({ source, first: sequence, last: sequence, events: 1, withheld });
      if (this.complete && sequence - 1 > withheld) this.#find("PRODUCER_GAP", index, `${source} begins with ${sequence}`);
      return;
    }
    known.events += 1;
    if (sequence !== known.last + 1) this.#irregular(known, sequence, index, withheld);
    if (sequence > known.last) known.last = sequence;
    known.withheld = withheld;
  }

  get producers(): readonly ProducerCount[] {
    const all = this.#counts.map(({ source, first, last, events }) => ({ source: source.toString("utf8"), first, last, events }));
    return all.sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  #known({ bytes, sourceStart, sourceEnd }: EventAttributes): Count | undefined {
    const length = sourceEnd - sourceStart;
    for (const count of this.#counts) {
      const { source } = count;
      if (source.length !== length) continue;
      // From the end: sources of one installation begin alike.
      let i = length - 1;
      while (i >= 0 && source[i] === bytes[sourceStart + i]) i -= 1;
      if (i < 0) return count;
    }
    return undefined;
  }

  #irregular({ source, last, withheld: before }: Count, sequence: number, index: number, withheld: number): void {
    if (sequence === last) this.#find("DUPLICATE", index, `${source} counts ${sequence} twice`);
    else if (sequence < last) this.#find("REORDERED", index, `${source} counts ${sequence} after ${last}`);
    else if (sequence - last - 1 > withheld - before) this.#find("PRODUCER_GAP", index, `${source} goes from ${last} to ${sequence}`);
  }

  #find(kind: Finding["kind"], index: number, message: string): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ kind, index, message });
  }
}
