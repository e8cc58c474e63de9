import type { PublishedEvent } from "./published-event.js";

/**
 * One queue from one for each producer, every producer's own order kept: what an event had to wait for comes with it, and not behind
 * other producers' events that arrived later.
 */
export function inOrderOfArrival(
  arrived: readonly PublishedEvent[],
  queues: ReadonlyMap<string, readonly PublishedEvent[]>,
): readonly PublishedEvent[] {
  const places = new Map<PublishedEvent, number>();
  for (const queue of queues.values()) for (const [place, event] of queue.entries()) places.set(event, place);
  const taken = new Map<string, number>();
  const all: PublishedEvent[] = [];
  const takeTo = (source: string, end: number) => {
    const from = taken.get(source) ?? 0;
    if (end <= from) return;
    all.push(...(queues.get(source) ?? []).slice(from, end));
    taken.set(source, end);
  };
  for (const event of arrived) takeTo(event.source, (places.get(event) ?? -1) + 1);
  for (const [source, queue] of queues) takeTo(source, queue.length);
  return all;
}
