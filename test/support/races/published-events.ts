import { z } from "zod";
import type { Client } from "../e2e/client.js";
import { until } from "../e2e/until.js";

const eventSchema = z.object({
  type: z.string(),
  stream: z.string(),
  streamversion: z.number(),
  data: z.object({ sessionId: z.string().default(""), phase: z.string().default("") }).loose(),
});

/** An event as an outside reader of the audit stream has it. */
export interface PublishedEvent {
  /** Place on the audit stream. */
  readonly position: number;
  readonly type: string;
  /** Of `session.disarmed.v1`: "disarmed" is DISARM itself, "destroyed" the proof that the key is gone. */
  readonly phase: string;
  readonly stream: string;
  readonly version: number;
  readonly sessionId: string;
}

/** Reads the audit stream over HTTP from where the last read ended; what others did is withheld and left out. */
export class PublishedEvents {
  #next = 0;
  readonly #seen: PublishedEvent[] = [];

  /** @param reader asked for before each read, as its login ends some time */
  constructor(private readonly reader: () => Promise<Client>) {}

  /** Events of a session in the order of the stream, once `versions` events of its own stream and the vault's last word are published. */
  async ofSession(sessionId: string, versions: number): Promise<readonly PublishedEvent[]> {
    return until(`the ${versions} events of session ${sessionId} on the audit stream`, async () => {
      await this.#readOn();
      const own = this.#seen.filter((event) => event.sessionId === sessionId);
      const published = own.filter(({ stream }) => stream === `session-${sessionId}`).length;
      return published >= versions && own.some(({ type }) => type === "key.disarmed.v1") ? own : undefined;
    });
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const path = `/v1/audit/events?from=${this.#next}&limit=200`;
      const { status, headers, text } = await (await this.reader()).get(path, { accept: "application/x-ndjson" });
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      const lines = text.split("\n").filter((line) => line !== "");
      for (const [index, line] of lines.entries()) this.#take(this.#next + index, JSON.parse(line));
      const next = Number(headers.get("interlock-next"));
      if (next === this.#next) return;
      this.#next = next;
    }
  }

  #take(position: number, value: unknown): void {
    const parsed = eventSchema.safeParse(value);
    if (!parsed.success) return;
    const { type, stream, streamversion: version, data } = parsed.data;
    this.#seen.push({ position, type, stream, version, sessionId: data.sessionId, phase: data.phase });
  }
}
