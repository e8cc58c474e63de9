/** What decides an event's place on the log. */
export interface LogCandidate {
  readonly stream: string;
  readonly version: number;
  /** Transaction that stored it. */
  readonly xid: bigint;
  /** True for version 1, and when the version before has its position already. */
  readonly predecessorSequenced: boolean;
}

export interface LogOrder<C> {
  /** Candidates that may have a position now, in the order of their positions. */
  readonly ready: C[];
  /** Candidates whose predecessor is missing: they wait for it. */
  readonly held: C[];
}

/**
 * The order in which candidates, given in the order of their transactions, get their positions.
 * Transaction order alone inverts versions inside a stream when a transaction took its id before it read the stream, so each stream
 * keeps the places its events have in transaction order, and fills them in the order of the versions.
 */
export function logOrder<C extends LogCandidate>(candidates: readonly C[]): LogOrder<C> {
  const held = new Set<C>();
  const queues = new Map<string, C[]>();
  for (const [stream, events] of byStream(candidates)) {
    const chain = unbrokenChain(events);
    for (const event of events.slice(chain.length)) held.add(event);
    queues.set(stream, chain.reverse());
  }
  const ready: C[] = [];
  for (const place of candidates) {
    const next = queues.get(place.stream)?.pop();
    if (next !== undefined) ready.push(next);
  }
  return { ready, held: [...held] };
}

function byStream<C extends LogCandidate>(candidates: readonly C[]): Map<string, C[]> {
  const streams = new Map<string, C[]>();
  for (const candidate of candidates) {
    const events = streams.get(candidate.stream);
    if (events === undefined) streams.set(candidate.stream, [candidate]);
    else events.push(candidate);
  }
  for (const events of streams.values()) events.sort((a, b) => a.version - b.version);
  return streams;
}

/** The longest beginning of `events` in which every version follows one that is sequenced or stands before it. */
function unbrokenChain<C extends LogCandidate>(events: readonly C[]): C[] {
  const chain: C[] = [];
  for (const event of events) {
    const before = chain.at(-1);
    const follows = before === undefined ? event.predecessorSequenced : event.version === before.version + 1;
    if (!follows) break;
    chain.push(event);
  }
  return chain;
}
