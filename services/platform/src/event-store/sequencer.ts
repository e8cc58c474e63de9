import type pg from "pg";
import { hasCode } from "../errors/interlock-error.js";
import type { EventLog } from "../event-log/event-log.js";
import type { Clock } from "../kernel/clock.js";
import type { Random } from "../kernel/random.js";
import type { ChainSigner } from "../transparency-log/producer-chain.js";
import { backoff } from "./backoff.js";
import type { ProducerEnvironment } from "./cloud-event.js";
import { acquireLogLease, appendedChannel, type LogLease } from "./log-lease.js";
import { LogPublisher, type PublisherStep } from "./log-publisher.js";
import { LogWriter, type WriterStep } from "./log-writer.js";
import { Wakeup } from "./wakeup.js";

export type SequencerStep = "leading" | WriterStep | PublisherStep;

export interface SequencerOptions {
  readonly schema: string;
  readonly env: ProducerEnvironment;
  readonly clock: Clock;
  readonly random: Random;
  /** Signs the head of the chain with each batch. */
  readonly signChain?: ChainSigner | undefined;
  /** Where the bytes go; without it they are only sequenced. */
  readonly eventLog?: EventLog;
  /** Topic of this log; defaults to `session.lifecycle.v1`. */
  readonly topic?: string;
  readonly batch?: number;
  /** Longest time in milliseconds until a commit is noticed when its notification is lost; defaults to 250. */
  readonly pollMs?: number;
  /** How often a process that does not lead tries to, in milliseconds; defaults to 1,000. */
  readonly campaignMs?: number;
  readonly onError?: (error: unknown) => void;
  readonly onStep?: ((step: SequencerStep) => Promise<void> | void) | undefined;
}

export interface SequencerStatus {
  readonly leading: boolean;
  readonly term: bigint;
  readonly position: bigint;
  readonly published: bigint;
  /** False while the last try to publish failed: events are safe and wait. */
  readonly publishing: boolean;
}

const IDLE: SequencerStatus = { leading: false, term: 0n, position: 0n, published: 0n, publishing: true };

/**
 * The post-commit sequencer of one service: every replica runs one, one of them leads. Sequencing and publishing are two loops, so that
 * positions are given, and local projections go on, while the event log is away.
 */
export class Sequencer {
  readonly #work = new Wakeup();
  readonly #publish = new Wakeup();
  readonly #campaign = new Wakeup();
  readonly #listeners = new Set<(position: bigint) => void>();
  #status = IDLE;
  #stopped = false;
  #running: Promise<void> | undefined;
  #telling: Promise<unknown> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: SequencerOptions,
  ) {}

  get status(): SequencerStatus {
    return this.#status;
  }

  /** Begins to campaign and lead; returns at once, whether the database is there or not. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the running batches, gives leadership up and resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wakeup of [this.#work, this.#publish, this.#campaign]) wakeup.signal();
    await this.#running;
    await this.#telling;
  }

  /** Says that something was committed; passes it on when another process leads. */
  wake(): void {
    if (this.#status.leading) this.#work.signal();
    else this.#telling ??= this.#tellLeader();
  }

  /** Calls `listener` with the last position after each batch this process has sequenced; returns how to stop that. */
  onSequenced(listener: (position: bigint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        const lease = await acquireLogLease(this.pool, this.options.schema);
        failures = 0;
        if (lease === undefined) await this.#campaign.wait(this.options.campaignMs ?? 1_000);
        else await this.#lead(lease);
      } catch (error) {
        this.options.onError?.(error);
        await this.#campaign.wait(backoff(failures++, this.options.random));
      }
    }
  }

  async #lead(lease: LogLease): Promise<void> {
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, lease.lost]);
    const wakeAll = () => [this.#work, this.#publish, this.#campaign].map((wakeup) => wakeup.signal());
    signal.addEventListener("abort", wakeAll);
    const { term, position, published } = lease.head;
    this.#status = { leading: true, term, position, published, publishing: true };
    lease.client.on("notification", () => this.#work.signal());
    try {
      await this.options.onStep?.("leading");
      const loops = [this.#writeLoop(lease, signal), this.#publishLoop(lease, signal)];
      await Promise.all(loops.map((loop) => loop.finally(() => end.abort())));
    } finally {
      this.#status = { ...this.#status, leading: false };
      lease.release();
    }
  }

  async #writeLoop(lease: LogLease, signal: AbortSignal): Promise<void> {
    const writer = new LogWriter(lease.client, lease.head, this.options);
    for (let idle = 0; !this.#stopped && !signal.aborted; ) {
      if ((await writer.writeBatch()) === 0) {
        // What woke us may still be hidden behind an older transaction: look again soon, then ever more rarely.
        const woken = await this.#work.wait(Math.min(this.options.pollMs ?? 250, 2 ** idle));
        idle = woken ? 0 : idle + 1;
        continue;
      }
      idle = 0;
      this.#status = { ...this.#status, position: writer.position };
      this.#publish.signal();
      for (const listener of this.#listeners) listener(writer.position);
    }
  }

  async #publishLoop(lease: LogLease, signal: AbortSignal): Promise<void> {
    const { eventLog, topic = "session.lifecycle.v1" } = this.options;
    if (eventLog === undefined) return this.#untilOver(signal);
    const publisher = new LogPublisher(this.pool, lease.head, { ...this.options, eventLog, topic });
    for (let failures = 0; !this.#stopped && !signal.aborted; ) {
      try {
        const count = await publisher.publishBatch();
        failures = 0;
        this.#status = { ...this.#status, published: publisher.published, publishing: true };
        if (count === 0) await this.#publish.wait(this.options.pollMs ?? 250);
      } catch (error) {
        if (hasCode(error, "STALE_TERM")) throw error;
        this.#status = { ...this.#status, publishing: false };
        this.options.onError?.(error);
        // Not the publish wakeup: every append would end the pause.
        await this.#campaign.wait(backoff(failures++, this.options.random));
      }
    }
  }

  async #untilOver(signal: AbortSignal): Promise<void> {
    while (!this.#stopped && !signal.aborted) await this.#publish.wait(60_000);
  }

  /** One notification for all commits since the last: each one makes its sender take a lock of the whole server. */
  async #tellLeader(): Promise<void> {
    try {
      await this.pool.query("SELECT pg_notify($1, '')", [appendedChannel(this.options.schema)]);
    } catch {
      // The leader polls; a lost notification costs time, not events.
    } finally {
      this.#telling = undefined;
    }
  }
}
