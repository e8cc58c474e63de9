import type { PublishedEvent } from "./published-events.js";

const AUTHORIZED = "session.use.authorized.v1";

/** What is wrong with a disarmed session's published events; empty when nothing of power stands behind the event that ended it. */
export function streamFaults(events: readonly PublishedEvent[]): readonly string[] {
  return [
    ...unordered(events),
    ...behind(events, ({ type, phase }) => type === "session.disarmed.v1" && phase === "disarmed", AUTHORIZED),
    ...behind(events, ({ type }) => type === "key.disarmed.v1", "key.signed.v1"),
    ...(events.some(({ type }) => type === AUTHORIZED) ? [] : ["no USE was authorized at all"]),
  ];
}

/** Events of type `powerful` at a position behind the one that ends their power, which must be there exactly once. */
function behind(events: readonly PublishedEvent[], isEnd: (event: PublishedEvent) => boolean, powerful: string): readonly string[] {
  const ends = events.filter(isEnd);
  const [end] = ends;
  if (end === undefined || ends.length > 1) return [`${ends.length} ends of ${powerful}, expected 1`];
  const late = events.filter(({ type, position }) => type === powerful && position > end.position);
  return late.map(({ position }) => `${powerful} at ${position}, behind ${end.type} at ${end.position}`);
}

/** Every stream's versions must come one after the other, none left out. */
function unordered(events: readonly PublishedEvent[]): readonly string[] {
  const streams = Map.groupBy(
    events.toSorted((one, other) => one.position - other.position),
    ({ stream }) => stream,
  );
  return [...streams].flatMap(([stream, own]) =>
    own.flatMap(({ version, position }, index) => {
      const due = (own[0]?.version ?? 1) + index;
      return version === due ? [] : [`${stream} has version ${version} at ${position} where ${due} was due`];
    }),
  );
}
