import type { Session } from "#proto/interlock/permissions/v1/permissions.js";

/** Sessions granted this many at once: a grant waits for blocks most of its time, and a race of a hundred rounds needs a hundred. */
const AT_ONCE = 10;

/** `count` fresh sessions, one after the other, made some at a time. */
export async function* sessionSupply(count: number, make: () => Promise<Session>): AsyncGenerator<Session> {
  for (let made = 0; made < count; made += AT_ONCE) {
    yield* await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - made) }, make));
  }
}
