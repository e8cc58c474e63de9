import { z } from "zod";
import type { Client } from "./client.js";
import { until } from "./until.js";

const eventSchema = z.object({
  type: z.string(),
  stream: z.string(),
  streamversion: z.number(),
  data: z.object({ executionId: z.string().default("") }).loose(),
});

/** What the audit stream says of executions, read over HTTP as an outsider reads it. */
export class PublishedExecutions {
  #next = 0;
  readonly #types = new Map<string, string[]>();
  readonly #versions = new Map<string, number>();
  readonly #gaps: string[] = [];

  constructor(private readonly reader: Client) {}

  /** Waits until the stream says that the execution was mined. @throws Error when it does not within `timeoutMs` */
  async ended(executionId: string, timeoutMs: number): Promise<void> {
    await until(
      `execution ${executionId} is on the audit stream`,
      async () => {
        await this.readOn();
        return this.#types.get(executionId)?.includes("execution.mined.v1") ? true : undefined;
      },
      timeoutMs,
    );
  }

  has(executionId: string): boolean {
    return this.#types.has(executionId);
  }

  /** Versions of a stream that came out of their order, or twice, or not at all. */
  gaps(): readonly string[] {
    return this.#gaps;
  }

  /** Reads everything that is new. */
  async readOn(): Promise<void> {
    for (;;) {
      const path = `/v1/audit/events?from=${this.#next}&limit=200`;
      const { status, headers, text } = await this.reader.get(path, { accept: "application/x-ndjson" });
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      for (const line of text.split("\n")) if (line !== "") this.#take(JSON.parse(line));
      const next = Number(headers.get("interlock-next"));
      if (next === this.#next) return;
      this.#next = next;
    }
  }

  #take(value: unknown): void {
    const parsed = eventSchema.safeParse(value);
    // What is withheld is somebody else's.
    if (!parsed.success) return;
    const { type, stream, streamversion, data } = parsed.data;
    const due = (this.#versions.get(stream) ?? streamversion - 1) + 1;
    if (streamversion !== due) this.#gaps.push(`${stream}: version ${streamversion} where ${due} was due`);
    this.#versions.set(stream, streamversion);
    this.#types.set(data.executionId, [...(this.#types.get(data.executionId) ?? []), type]);
  }
}
