/** How many entries are kept in the young half before it is merged. */
const YOUNG = 256;
/** How many merged entries are kept; the oldest go first. */
const KEPT = 4_096;

/** An immutable map that remembers its latest few thousand entries: adding copies the small young half only. */
export interface RecentMap<T> {
  readonly young: ReadonlyMap<string, T>;
  readonly old: ReadonlyMap<string, T>;
}

/** A map that remembers nothing. */
export function emptyRecent<T>(): RecentMap<T> {
  return { young: new Map(), old: new Map() };
}

/** What is remembered of `key`. */
export function recall<T>(map: RecentMap<T>, key: string): T | undefined {
  return map.young.get(key) ?? map.old.get(key);
}

/** `map` with `key`; between 4,096 and 4,352 of the latest keys are remembered. */
export function remember<T>(map: RecentMap<T>, key: string, value: T): RecentMap<T> {
  const young = new Map(map.young).set(key, value);
  if (young.size < YOUNG) return { young, old: map.old };
  const merged = [...map.old, ...young];
  return { young: new Map(), old: new Map(merged.slice(-KEPT)) };
}

/** `map` without `key`. */
export function forget<T>(map: RecentMap<T>, key: string): RecentMap<T> {
  return { young: without(map.young, key), old: without(map.old, key) };
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
