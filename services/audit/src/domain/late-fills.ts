import { claimsOf, type Holds } from "./proven.js";
import type { PublishedEvent } from "./published-event.js";

/** Events under numbers the log went on without. */
export interface LateFills {
  readonly ready: readonly PublishedEvent[];
  readonly held: readonly PublishedEvent[];
}

/**
 * Finds those of `events` that their producer vouches for: a signature names them, or the event that follows them does.
 * @param followers hashes that entries of the log name as the one before them
 */
export function lateFills(events: readonly PublishedEvent[], followers: ReadonlySet<string>, holds: Holds): LateFills {
  const known = new Set(followers);
  for (const claim of claimsOf(events)) if (holds(claim)) known.add(claim.hash);
  const ready: PublishedEvent[] = [];
  const held: PublishedEvent[] = [];
  for (const event of events.toSorted((a, b) => (a.sequence > b.sequence ? -1 : 1))) {
    if (!known.has(event.hash)) held.push(event);
    else {
      ready.push(event);
      if (event.previousHash !== undefined) known.add(event.previousHash);
    }
  }
  return { ready: unlikeEachOther(ready).reverse(), held };
}

/** The same event may have come once with and once without its signature. */
function unlikeEachOther(events: readonly PublishedEvent[]): PublishedEvent[] {
  return [...new Map(events.map((event) => [event.hash, event])).values()];
}
