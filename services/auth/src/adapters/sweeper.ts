import type pg from "pg";
import type { Clock } from "#platform/kernel/clock.js";
import { sweepExpired } from "./postgres/sweep-expired.js";

const EVERY_MS = 60_000;

/** Drops expired nonces, collections, assertions and logins once a minute; a database that is away is tried again a minute later. */
export function startSweeper(pool: pg.Pool, clock: Clock, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    sweepExpired(pool, clock.now()).catch(onError);
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
