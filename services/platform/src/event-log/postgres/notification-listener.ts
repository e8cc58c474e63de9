import type pg from "pg";
import { backoff } from "../../event-store/backoff.js";
import { Wakeup } from "../../event-store/wakeup.js";
import type { Random } from "../../kernel/random.js";

/** Passes Postgres notifications on. It reconnects by itself; what is notified meanwhile is lost, so listeners poll as well. */
export class NotificationListener {
  readonly #listeners = new Set<(payload: string) => void>();
  readonly #gone = new Wakeup();
  #running: Promise<void> | undefined;
  #closed = false;

  /** @param channel channel to listen on; a valid identifier */
  constructor(
    private readonly pool: pg.Pool,
    readonly channel: string,
    private readonly random: Random,
  ) {}

  /** Calls `listener` for each notification; returns how to stop that. */
  listen(listener: (payload: string) => void): () => void {
    this.#listeners.add(listener);
    this.#running ??= this.#run();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#gone.signal();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closed; ) {
      try {
        await this.#listenOnce();
        failures = 0;
      } catch {
        await this.#gone.wait(backoff(failures++, this.random));
      }
    }
  }

  async #listenOnce(): Promise<void> {
    const client = await this.pool.connect();
    const onGone = () => this.#gone.signal();
    let lost = false;
    client.on("error", () => {
      lost = true;
      onGone();
    });
    client.on("notification", ({ payload }) => this.#tell(payload ?? ""));
    try {
      await client.query(`LISTEN ${this.channel}`);
      this.#tell("");
      while (!this.#closed && !lost) await this.#gone.wait(60_000);
    } finally {
      client.removeAllListeners("notification");
      client.release(true);
    }
  }

  #tell(payload: string): void {
    for (const listener of this.#listeners) listener(payload);
  }
}
