import type { ChainEnd } from "./chain-end.js";
import { chainBehind, claimsOf, type Holds } from "./proven.js";
import type { PublishedEvent } from "./published-event.js";

/** What becomes of events of one producer that have waited long enough. */
export interface GivenUp {
  /** Where the chain goes on: behind numbers that never came. */
  readonly resume: ChainEnd | undefined;
  /** Events that no signature ever covered. */
  readonly forged: readonly PublishedEvent[];
}

/**
 * @param events of one producer that wait, whatever their number
 * @param late those that have waited long enough
 */
export function givenUp(events: readonly PublishedEvent[], late: ReadonlySet<PublishedEvent>, end: ChainEnd, holds: Holds): GivenUp {
  const byHash = new Map(events.map((event) => [event.hash, event]));
  const covered = new Set<PublishedEvent>();
  for (const claim of claimsOf(events).toReversed()) {
    const chain = chainBehind(claim, byHash);
    const [first] = chain;
    if (first === undefined || !holds(claim)) continue;
    if (first.sequence > end.next && chain.some((event) => late.has(event))) {
      return { resume: { next: first.sequence, lastHash: first.previousHash }, forged: [] };
    }
    for (const event of chain) covered.add(event);
  }
  return { resume: undefined, forged: [...late].filter((event) => !covered.has(event)) };
}
