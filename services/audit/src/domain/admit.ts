import { BEGINNING, type ChainEnd } from "./chain-end.js";
import { inOrder } from "./in-order.js";
import { inOrderOfArrival } from "./in-order-of-arrival.js";
import { lateFills } from "./late-fills.js";
import type { ProducerTrust } from "./producer-trust.js";
import { type Holds, proven } from "./proven.js";
import type { PublishedEvent } from "./published-event.js";

/** What is known of the producers whose events are looked at. */
export interface Known {
  readonly ends: ReadonlyMap<string, ChainEnd>;
  /** Events that arrived before and are not in the log. */
  readonly waiting: readonly PublishedEvent[];
  /** Hashes that entries of the log name as the one before them, for numbers the log went on without. */
  readonly followers: ReadonlySet<string>;
}

/** What one producer's events come to. */
interface Part {
  readonly ready: readonly PublishedEvent[];
  readonly held: readonly PublishedEvent[];
  /** Nobody's: the producer has signed others under their numbers. */
  readonly forged: readonly PublishedEvent[];
  /** First event of a chain that the producer signed and that does not follow what the log has of it. */
  readonly broken: readonly PublishedEvent[];
  readonly end: ChainEnd;
}

/** What may enter the log now, in its order, what waits, and what is nobody's. */
export interface Admission extends Omit<Part, "end"> {
  readonly ends: ReadonlyMap<string, ChainEnd>;
}

/** Decides over `arrived` and those that wait, producer by producer. */
export function admit(arrived: readonly PublishedEvent[], { ends, waiting, followers }: Known, trust: ProducerTrust): Admission {
  const parts = new Map<string, Part>();
  for (const source of new Set([...waiting, ...arrived].map((event) => event.source))) {
    const end = ends.get(source) ?? BEGINNING;
    const [mine, before] = [arrived, waiting].map((events) => events.filter((event) => event.source === source));
    const unsigned = trust.of(source) === "unsigned";
    const all = [...(before ?? []), ...(mine ?? [])];
    parts.set(source, unsigned ? counted(source, mine ?? [], before ?? [], end) : vouchedFor(all, end, followers, trust.holds));
  }
  const all = [...parts.values()];
  return {
    ready: inOrderOfArrival(arrived, new Map([...parts].map(([source, { ready }]) => [source, ready]))),
    held: all.flatMap(({ held }) => held),
    forged: all.flatMap(({ forged }) => forged),
    broken: all.flatMap(({ broken }) => broken),
    ends: new Map([...parts].map(([source, { end }]) => [source, end])),
  };
}

/** Of a producer that signs, what its signatures cover. */
function vouchedFor(events: readonly PublishedEvent[], end: ChainEnd, followers: ReadonlySet<string>, holds: Holds): Part {
  const fills = events.filter(({ sequence }) => sequence < end.next);
  const behind = lateFills(fills, followers, holds);
  const ahead = proven(fills.length === 0 ? events : events.filter(({ sequence }) => sequence >= end.next), end, holds);
  const [first] = ahead.ready;
  const last = ahead.ready.at(-1);
  const follows = first === undefined || end.lastHash === undefined || first.previousHash === end.lastHash;
  return {
    ready: [...behind.ready, ...ahead.ready],
    held: [...behind.held, ...ahead.held],
    forged: ahead.forged,
    broken: follows ? [] : [first],
    end: last === undefined ? end : { next: last.sequence + 1n, lastHash: last.hash },
  };
}

/** Of a producer that does not sign, what its count lets in. */
function counted(source: string, arrived: readonly PublishedEvent[], waiting: readonly PublishedEvent[], end: ChainEnd): Part {
  const { ready, held, next } = inOrder(arrived, new Map([[source, end.next]]), waiting);
  const at = next.get(source) ?? end.next;
  const last = ready.find(({ sequence }) => sequence === at - 1n);
  return { ready, held, forged: [], broken: [], end: { next: at, lastHash: last?.hash ?? end.lastHash } };
}
