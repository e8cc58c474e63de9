import type { Refusals } from "../adapters/entry-intake.js";
import type { PublishedEvent } from "../domain/published-event.js";

interface Waiting {
  readonly events: readonly PublishedEvent[];
  readonly done: { readonly resolve: (refusals: Refusals) => void; readonly reject: (error: unknown) => void };
}

/** Most events in one transaction. */
const MOST = 3_000;

/**
 * Lets what several partitions brought meanwhile in together. One transaction at a time gives out positions anyway, and a producer's
 * events lie over all partitions: together they are in order, where one partition's alone would have to wait in the database.
 */
export class GatheredIntake {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly intake: { append(events: readonly PublishedEvent[]): Promise<Refusals> }) {}

  /** Resolves once these events are stored, with what was refused of them. */
  append(events: readonly PublishedEvent[]): Promise<Refusals> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ events, done: { resolve, reject } });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // What one answer of the broker holds of several partitions is handed over one after the other.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const together = this.take();
      try {
        const refusals = await this.intake.append(together.flatMap(({ events }) => events));
        const brought = new Set(together.flatMap(({ events }) => events));
        for (const [index, { events, done }] of together.entries()) {
          // Of each what it brought, so that it comes again with it when it cannot be recorded; what had waited goes to the first.
          const own = new Set(events);
          const mine = (event: PublishedEvent) => own.has(event) || (index === 0 && !brought.has(event));
          done.resolve({ conflicts: refusals.conflicts.filter(({ event }) => mine(event)), forged: refusals.forged.filter(mine) });
        }
      } catch (error) {
        for (const { done } of together) done.reject(error);
      }
    }
    this.running = false;
  }

  private take(): readonly Waiting[] {
    let [count, size] = [0, 0];
    for (const { events } of this.waiting) {
      if (count > 0 && size + events.length > MOST) break;
      count += 1;
      size += events.length;
    }
    return this.waiting.splice(0, count);
  }
}
