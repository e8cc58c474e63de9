/** Source of time; injected wherever a decision depends on it, so that a test can hold time still. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Whole Unix seconds of `clock`, the unit of every on-chain time. */
export function unixSeconds(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}
