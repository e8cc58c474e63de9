import type { Logger } from "#platform/logging/logger.js";
import { consumeSpan } from "#platform/telemetry/consume-span.js";
import type { LeasedWork, Task, WorkTable } from "../adapters/pg/work-table.js";

export interface WorkLoopOptions {
  readonly work: WorkTable;
  readonly tasks: readonly Task[];
  /** Most pieces of work at a time. */
  readonly concurrency: number;
  /** Longest time in milliseconds until due work is noticed without a nudge. */
  readonly pollMs: number;
  readonly handle: (work: LeasedWork) => Promise<void>;
  readonly logger: Logger;
}

/** Leases due work and hands it out, never more than `concurrency` at a time. */
export class WorkLoop {
  #running = 0;
  #stopped = false;
  #nudged = false;
  #leasedAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  constructor(private readonly options: WorkLoopOptions) {}

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Says that work was added. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Leases nothing more; resolves when what was begun is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.nudge();
    await this.#loop;
    while (this.#running > 0) await this.#pause();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const free = this.options.concurrency - this.#running;
      const leased = this.#worthAsking(free) ? await this.#lease(free) : [];
      for (const work of leased) void this.#handle(work);
      if (leased.length < free || free <= 0) await this.#pause();
    }
  }

  /** While there is more to do than hands, work is leased a quarter at a time and not piece by piece: a lease is a commit. */
  #worthAsking(free: number): boolean {
    const { concurrency, pollMs } = this.options;
    return free > 0 && (free >= concurrency / 4 || performance.now() - this.#leasedAt >= pollMs);
  }

  async #lease(limit: number): Promise<LeasedWork[]> {
    this.#nudged = false;
    this.#leasedAt = performance.now();
    try {
      return await this.options.work.lease(this.options.tasks, limit);
    } catch (err) {
      this.options.logger.warn({ err }, "no work can be leased now");
      return [];
    }
  }

  async #handle(work: LeasedWork): Promise<void> {
    this.#running++;
    try {
      const { traceparent } = work.detail;
      const carried = typeof traceparent === "string" ? { traceparent } : {};
      await consumeSpan(work.task, carried, () => this.options.handle(work));
    } catch (err) {
      this.options.logger.error({ err, executionId: work.executionId, task: work.task }, "a piece of work broke; its lease will run out");
    } finally {
      this.#running--;
      this.nudge();
    }
  }

  #pause(): Promise<void> {
    if (this.#nudged) {
      this.#nudged = false;
      return new Promise((resolve) => setImmediate(resolve));
    }
    return new Promise((resolve) => {
      const timer = setTimeout(done, this.options.pollMs);
      const wake = () => done();
      this.#wake = wake;
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
