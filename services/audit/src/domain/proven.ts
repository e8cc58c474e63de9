import type { ChainEnd } from "./chain-end.js";
import type { Claim } from "./producer-trust.js";
import type { PublishedEvent } from "./published-event.js";

/** Tells whether the producer made a claim. */
export type Holds = (claim: Claim) => boolean;

/** What one producer's signatures say of events that claim to be its. */
export interface Proven {
  /** From the end of the log's chain on to an event the producer signed, in its order. */
  readonly ready: readonly PublishedEvent[];
  /** Events under numbers that chain has other events for: the producer did not make them. */
  readonly forged: readonly PublishedEvent[];
  /** Those nothing is known of yet. */
  readonly held: readonly PublishedEvent[];
}

/** What the signatures in and beside `events` claim, the furthest first. */
export function claimsOf(events: readonly PublishedEvent[]): readonly Claim[] {
  const claims: Claim[] = [];
  for (const { source, sequence, hash, previousHash, chainSignature, headSignature } of events) {
    if (headSignature !== undefined) claims.push({ source, sequence, hash, signature: headSignature });
    if (chainSignature !== undefined && previousHash !== undefined) {
      claims.push({ source, sequence: sequence - 1n, hash: previousHash, signature: chainSignature });
    }
  }
  return claims.sort((a, b) => (a.sequence > b.sequence ? -1 : 1));
}

/** The events from the claimed one back, as far as each names one that is there, oldest first. */
export function chainBehind(
  { sequence, hash }: Pick<Claim, "sequence" | "hash">,
  byHash: ReadonlyMap<string, PublishedEvent>,
): PublishedEvent[] {
  const chain: PublishedEvent[] = [];
  let wanted: string | undefined = hash;
  for (let at = sequence; wanted !== undefined; at -= 1n) {
    const event = byHash.get(wanted);
    if (event === undefined || event.sequence !== at) break;
    chain.push(event);
    wanted = event.previousHash;
  }
  return chain.reverse();
}

/**
 * Finds the events that follow the log's end and that the producer vouches for: a signature covers the event it names and, through the
 * hashes, all before it. Somebody who writes to the services' topic can put events there, but no chain that ends in a signature.
 * @param events of one producer, none with a number below `end.next`; several may claim one number
 */
export function proven(events: readonly PublishedEvent[], end: ChainEnd, holds: Holds): Proven {
  const byHash = new Map(events.map((event) => [event.hash, event]));
  for (const claim of claimsOf(events)) {
    if (claim.sequence < end.next) break;
    const chain = chainBehind(claim, byHash);
    if (chain[0]?.sequence !== end.next) {
      // What does not reach back to the end does so for no other claim either.
      for (const { hash } of chain) byHash.delete(hash);
      continue;
    }
    if (!holds(claim)) continue;
    const real = new Set(chain.map(({ hash }) => hash));
    const others = events.filter(({ hash }) => !real.has(hash));
    const passed = ({ sequence }: PublishedEvent) => sequence <= claim.sequence;
    return { ready: chain, forged: others.filter(passed), held: others.filter((event) => !passed(event)) };
  }
  return { ready: [], forged: [], held: events };
}
