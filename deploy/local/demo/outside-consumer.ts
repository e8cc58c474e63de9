import type { Cli } from "./cli.js";

/** An event as the outsider read it. */
export interface SeenEvent {
  readonly logIndex: number;
  readonly type: string;
  readonly source: string;
  readonly sequence: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const record = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? { ...value } : {});

/** A program outside Interlock that reads the audit stream over HTTP and believes only what it can check. */
export class OutsideConsumer {
  readonly events: SeenEvent[] = [];
  private readonly stopFollowing: () => Promise<void>;

  constructor(cli: Cli) {
    this.stopFollowing = cli.follow((line) => this.take(line), "tail", "--from", "0");
  }

  /** The first event that `matches`, waiting for it. @throws Error when it does not come within `timeoutMs`. */
  async find(what: string, matches: (event: SeenEvent) => boolean, timeoutMs = 20_000): Promise<SeenEvent> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.events.find(matches);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`the outside consumer saw no ${what} within ${timeoutMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Waits until nothing new has come for `quietMs`. */
  async settle(quietMs = 1_500): Promise<void> {
    for (let seen = -1; seen !== this.events.length; ) {
      seen = this.events.length;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    }
  }

  /**
   * What is wrong with the stream as read; empty when nothing is. Positions must be gapless, and what a producer says of one subject must
   * stand in the order of that producer's count; subjects travel in partitions of their own, so nothing is said of the order between
   * them. An event of the cluster itself is withheld from an owner, position shown: no more of the counts may be missing than that.
   */
  faults(): readonly string[] {
    const faults = this.events.flatMap(({ logIndex }, index) =>
      logIndex === index ? [] : [`position ${logIndex} where ${index} was due`],
    );
    const told = this.events.filter(({ source }) => source !== "");
    const last = new Map<string, number>();
    const counts = new Map<string, Set<number>>();
    for (const { source, subject, sequence } of told) {
      const count = Number(sequence);
      const before = last.get(`${source} ${subject}`) ?? 0;
      if (count <= before) faults.push(`${source} sequence ${count} of ${subject} after ${before}`);
      last.set(`${source} ${subject}`, count);
      counts.set(source, (counts.get(source) ?? new Set()).add(count));
    }
    const missing = [...counts.values()].reduce((sum, seen) => sum + Math.max(...seen) - seen.size, 0);
    const withheld = this.events.length - told.length;
    if (missing > withheld) faults.push(`${missing} events are missing and only ${withheld} were withheld`);
    return faults;
  }

  stop(): Promise<void> {
    return this.stopFollowing();
  }

  private take(line: string): void {
    const { logindex, event } = record(JSON.parse(line));
    const { type, source, sequence, subject, data } = record(event);
    this.events.push({
      logIndex: Number(logindex),
      type: text(type),
      source: text(source),
      sequence: text(sequence),
      subject: text(subject),
      data: record(data),
    });
  }
}
