import type pg from "pg";
import { isTransient } from "../database/database-error.js";
import { identifier } from "../database/identifier.js";
import { withTransaction } from "../database/with-client.js";
import { hasCode } from "../errors/interlock-error.js";
import { backoff } from "../event-store/backoff.js";
import type { UpcasterRegistry } from "../event-store/upcaster.js";
import { Wakeup } from "../event-store/wakeup.js";
import type { Random } from "../kernel/random.js";
import { Checkpoints } from "./checkpoint.js";
import { LoggedEvents } from "./logged-events.js";
import { ParkingLot, type ReplaySelection, reasonOf } from "./parking-lot.js";
import type { LoggedEvent, Projection } from "./projection.js";

export interface ProjectionRunnerOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly projection: Projection;
  readonly random: Random;
  readonly upcasters?: UpcasterRegistry;
  /** Most events in one transaction; defaults to 500. */
  readonly batch?: number;
  /** Longest time in milliseconds until new events are noticed without `wake`; defaults to 250. */
  readonly pollMs?: number;
  readonly parkingCap?: number;
  readonly onError?: (error: unknown) => void;
  /** Told the position after each committed batch. */
  readonly onApplied?: (position: bigint) => void;
}

export interface ProjectionStatus {
  readonly position: bigint;
  /** Why it has stopped for good: a gap in the log, or a full parking lot. */
  readonly stopped?: unknown;
}

/** Keeps one projection up to date: each batch's effect and checkpoint are one transaction. Replicas may run it side by side. */
export class ProjectionRunner {
  readonly #events: LoggedEvents;
  readonly #checkpoints: Checkpoints;
  readonly #lot: ParkingLot;
  readonly #work = new Wakeup();
  readonly #pause = new Wakeup();
  #status: ProjectionStatus = { position: 0n };
  /** Where the last batch of this process left the checkpoint, as long as no other process is known to have moved it. */
  #reached: bigint | undefined;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(private readonly options: ProjectionRunnerOptions) {
    this.#events = new LoggedEvents(options.schema, options.upcasters);
    this.#checkpoints = new Checkpoints(options.schema);
    this.#lot = new ParkingLot(options.pool, options.schema, options.parkingCap);
  }

  get status(): ProjectionStatus {
    return this.#status;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Says that the log has grown. */
  wake(): void {
    this.#work.signal();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#work.signal();
    this.#pause.signal();
    await this.#running;
  }

  /** Applies one batch; 0 when there was nothing new. @throws InterlockError POSITION_GAP when the log has a hole */
  async step(): Promise<number> {
    const { pool, projection } = this.options;
    const position = this.#reached ?? (await this.#checkpoints.load(pool, projection.name));
    const events = await this.#events.read(pool, position, this.options.batch ?? 500);
    this.#status = { position };
    if (events.length === 0) {
      // Nothing waits now, so this is the time to see where another process has moved the checkpoint.
      this.#reached = await this.#checkpoints.load(pool, projection.name);
      return 0;
    }
    try {
      await this.#apply(position, events);
    } catch (error) {
      if (isTransient(error) || hasCode(error, "POSITION_GAP")) throw error;
      await this.#applyOneByOne(position, events);
    }
    return events.length;
  }

  /** Applies parked events again, each with its removal in one transaction; stops at the first that fails. */
  replay(selection: ReplaySelection): Promise<number> {
    const { projection } = this.options;
    return this.#lot.replay(projection.name, selection, async ({ place }, tx) => {
      await projection.apply(tx, await this.#events.read(tx, place - 1n, 1), this.#table);
    });
  }

  /** How much is parked. */
  parked(): ReturnType<ParkingLot["count"]> {
    return this.#lot.count(this.options.projection.name);
  }

  readonly #table = (name: string): string => `${identifier(this.options.schema)}.${identifier(name)}`;

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        const applied = await this.step();
        failures = 0;
        if (applied === 0 && !this.#stopped) await this.#work.wait(this.options.pollMs ?? 250);
      } catch (error) {
        this.options.onError?.(error);
        if (hasCode(error, "POSITION_GAP", "RESOURCE_EXHAUSTED")) {
          this.#status = { ...this.#status, stopped: error };
          return;
        }
        await this.#pause.wait(backoff(failures++, this.options.random));
      }
    }
  }

  /** The checkpoint goes first: its row lock makes a second replica wait, and then find that it is too late. */
  async #apply(from: bigint, events: readonly LoggedEvent[]): Promise<void> {
    await this.#advance(from, events, async (tx, blocked) => {
      const free = blocked.size === 0 ? events : events.filter(({ stream }) => !blocked.has(stream));
      for (const event of events) if (blocked.has(event.stream)) await this.#park(event, "an earlier event of the stream is parked", tx);
      if (free.length > 0) await this.options.projection.apply(tx, free, this.#table);
    });
  }

  /** Moves the checkpoint over `events` together with `effect`, or does nothing because another replica has; then this one reads anew. */
  async #advance(
    from: bigint,
    events: readonly LoggedEvent[],
    effect: (tx: pg.PoolClient, blocked: ReadonlySet<string>) => Promise<void>,
  ): Promise<void> {
    const to = from + BigInt(events.length);
    this.#reached = undefined;
    const moved = await withTransaction(this.options.pool, async (tx) => {
      const streams = [...new Set(events.map(({ stream }) => stream))];
      const blocked = await this.#checkpoints.advance(tx, this.options.projection.name, from, to, streams);
      if (blocked !== undefined) await effect(tx, blocked);
      return blocked !== undefined;
    });
    if (!moved) return;
    this.#reached = to;
    this.#status = { position: to };
    this.options.onApplied?.(to);
  }

  async #applyOneByOne(from: bigint, events: readonly LoggedEvent[]): Promise<void> {
    let position = from;
    for (const event of events) {
      try {
        await this.#apply(position, [event]);
      } catch (error) {
        if (isTransient(error)) throw error;
        this.options.onError?.(error);
        await this.#advance(position, [event], (tx) => this.#park(event, reasonOf(error), tx));
      }
      position += 1n;
    }
  }

  #park(event: LoggedEvent, reason: string, tx: pg.PoolClient): Promise<void> {
    const item = { sequence: event.stream, place: event.position, payload: { type: event.type }, reason };
    return this.#lot.park(this.options.projection.name, item, tx);
  }
}
