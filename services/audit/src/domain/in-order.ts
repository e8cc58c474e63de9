import type { PublishedEvent } from "./published-event.js";

/** What may enter the log now, and what has to wait for its producer's events before it. */
export interface Ordered {
  readonly ready: readonly PublishedEvent[];
  readonly held: readonly PublishedEvent[];
  /** Number each producer's next event has from here on. */
  readonly next: ReadonlyMap<string, bigint>;
}

/**
 * Puts what arrived into the order of each producer's own count. Its events come over several partitions, and one partition may be ahead
 * of another; in the log they stand as the producer counted them.
 * @param expected number of each producer's next event; a producer that is not there begins with 1
 * @param waiting events that arrived earlier than one before them
 */
export function inOrder(
  arrived: readonly PublishedEvent[],
  expected: ReadonlyMap<string, bigint>,
  waiting: readonly PublishedEvent[],
): Ordered {
  const next = new Map(expected);
  const held = new Map<string, Map<bigint, PublishedEvent>>();
  const ready: PublishedEvent[] = [];
  const heldOf = (source: string) => {
    const known = held.get(source) ?? new Map<bigint, PublishedEvent>();
    held.set(source, known);
    return known;
  };
  const follow = (source: string) => {
    const known = heldOf(source);
    for (let at = next.get(source) ?? 1n; ; at += 1n) {
      const event = known.get(at);
      if (event === undefined) return;
      known.delete(at);
      ready.push(event);
      next.set(source, at + 1n);
    }
  };
  for (const event of waiting) heldOf(event.source).set(event.sequence, event);
  for (const source of new Set(waiting.map((event) => event.source))) follow(source);
  for (const event of arrived) {
    const { source, sequence } = event;
    // One below what is expected fills a gap that was given up.
    if (sequence < (next.get(source) ?? 1n)) ready.push(event);
    else {
      heldOf(source).set(sequence, event);
      follow(source);
    }
  }
  return { ready, held: [...held.values()].flatMap((events) => [...events.values()]), next };
}
