import { backoff } from "../../event-store/backoff.js";
import { Wakeup } from "../../event-store/wakeup.js";
import type { Random } from "../../kernel/random.js";
import { deliver } from "../deliver.js";
import type { ReadOptions, ReceivedRecord, SubscribeOptions } from "../event-log.js";

/** Right to read one partition for a group, until its term is over. */
export interface PartitionLease {
  readonly topic: string;
  readonly partition: number;
  readonly term: string;
  /** Next offset to deliver. */
  readonly offset: bigint;
}

export interface PartitionWorkerOptions extends SubscribeOptions {
  readonly random: Random;
  readonly pollMs: number;
  /** Least time in milliseconds between two reads of the partition while records come one by one. */
  readonly restMs: number;
  readonly leaseMs: number;
  readonly onError: (error: unknown) => void;
  readonly read: (options: ReadOptions) => Promise<readonly ReceivedRecord[]>;
  /** Runs a statement and tells how many rows it changed. */
  readonly query: (name: "renew" | "commit" | "release", values: unknown[]) => Promise<number>;
}

/** Delivers one partition in order; acknowledges after the handler, so a crash in between delivers again. */
export class PartitionWorker {
  readonly #work = new Wakeup();
  readonly #pause = new Wakeup();
  #offset: bigint;
  #stopped = false;
  #lost = false;
  #running: Promise<void> | undefined;

  constructor(
    private readonly lease: PartitionLease,
    private readonly options: PartitionWorkerOptions,
  ) {
    this.#offset = lease.offset;
  }

  /** True once nothing more is delivered. */
  get over(): boolean {
    return this.#stopped || this.#lost;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#work.signal();
  }

  /** Prolongs the lease; false when another member has the partition. */
  async renew(): Promise<boolean> {
    const renewed = (await this.options.query("renew", this.#values(this.options.leaseMs))) === 1;
    this.#lost ||= !renewed;
    return renewed;
  }

  /** Waits for the running handler and gives the partition back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#work.signal();
    this.#pause.signal();
    await this.#running;
    // An unreleased lease runs out by itself.
    await this.options.query("release", this.#values()).catch(this.options.onError);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.over; ) {
      try {
        const begun = performance.now();
        const delivered = await this.#deliverBatch();
        failures = 0;
        if (this.over) return;
        if (delivered === 0) await this.#work.wait(this.options.pollMs);
        else if (delivered < this.#limit) await this.#rest(this.options.restMs - (performance.now() - begun));
      } catch (error) {
        this.options.onError(error);
        await this.#pause.wait(backoff(failures++, this.options.random));
      }
    }
  }

  get #limit(): number {
    return this.options.maxBatch ?? 500;
  }

  /** A batch costs the consumer a transaction, however small it is: what comes within the rest shares the next one. */
  async #rest(ms: number): Promise<void> {
    if (ms > 0) await this.#pause.wait(ms);
  }

  async #deliverBatch(): Promise<number> {
    const { topic, partition } = this.lease;
    const { group, handler, parking, random } = this.options;
    const batch = await this.options.read({ topic, partition, fromOffset: this.#offset, limit: this.#limit });
    if (batch.length === 0) return 0;
    const pause = (ms: number) => this.#pause.wait(ms);
    const done = await deliver(batch, { group, handler, parking, random, pause, over: () => this.over });
    const last = batch[done - 1];
    if (last === undefined) return 0;
    const committed = await this.options.query("commit", this.#values((last.offset + 1n).toString()));
    if (committed === 0) this.#lost = true;
    else this.#offset = last.offset + 1n;
    return done;
  }

  #values(...more: unknown[]): unknown[] {
    return [this.options.group, this.lease.topic, this.lease.partition, this.lease.term, ...more];
  }
}
