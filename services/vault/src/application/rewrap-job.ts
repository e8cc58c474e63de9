import type { EventStore } from "#platform/event-store/event-store.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KekRepository } from "../adapters/postgres/kek-repository.js";
import type { RewrapRepository, RewrapRow } from "../adapters/postgres/rewrap-repository.js";
import type { WrappedDek } from "../domain/envelope/key-record.js";
import { kekRewrapped } from "../domain/kek/kek-events.js";
import { appendKekEvent } from "./append-kek-event.js";
import { pauseAfter } from "./pause-after.js";

/** Rows per round: small, because signer-core does nothing else while it works on one. */
const BATCH = 16;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

export interface RewrapParts {
  readonly keks: KekRepository;
  readonly rewraps: RewrapRepository;
  readonly store: EventStore;
  readonly core: CoreClient;
  /** Told how many rows are left. */
  readonly remaining: { set(rows: number): void };
  /** Id of this process, for the lease. */
  readonly worker: string;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
}

/**
 * Wraps every living key under the active version while signing goes on: keyset batches, compare and swap, throttled, by one replica at a
 * time. Nothing has to be remembered between batches, so it goes on after any crash where it was.
 */
export class RewrapJob {
  #after = BEFORE_ALL;

  constructor(private readonly parts: RewrapParts) {}

  /** One batch. Gives the milliseconds to wait before the next one: the throttle, longer where signing is busy. */
  async round(idleMs: number): Promise<number> {
    const { rewraps, keks, core, remaining, worker } = this.parts;
    const job = await rewraps.state();
    if (job.state !== "running" || !(await rewraps.lease(worker))) return idleMs;
    const rows = await rewraps.batch(job.targetVersion, this.#after, BATCH);
    if (rows.length > 0) {
      const begun = this.parts.monotonic();
      const answer = await core.call("rewrap", { rows: [...rows] });
      await rewraps.replace(pairs(rows, answer.rows));
      this.#after = rows.at(-1)?.keyRef ?? BEFORE_ALL;
      return pauseAfter(rows.length, job.rowsPerSecond, this.parts.monotonic() - begun);
    }
    const swept = this.#after !== BEFORE_ALL;
    this.#after = BEFORE_ALL;
    const left = await keks.countBelow(job.targetVersion);
    remaining.set(left);
    if (left === 0) await this.#finish(job.targetVersion, job.total);
    // Rows that were busy, or do not authenticate, are tried again, but not in a tight circle.
    return swept && left > 0 ? Math.min(idleMs, 200) : idleMs;
  }

  async #finish(target: number, total: number): Promise<void> {
    if (!(await this.parts.rewraps.move("running", "done"))) return;
    const { store, keks, core } = this.parts;
    const { provider } = await core.call("kekStatus", {});
    await store.withTransaction((tx) => appendKekEvent(tx, store, keks, kekRewrapped(provider, target, total)));
  }
}

function pairs(rows: readonly RewrapRow[], next: readonly (WrappedDek | null)[]): (readonly [RewrapRow, WrappedDek])[] {
  return rows.flatMap((row, i) => {
    const wrapped = next[i];
    return wrapped === null || wrapped === undefined ? [] : [[row, wrapped] as const];
  });
}
