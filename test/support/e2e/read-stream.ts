import type { Client } from "./client.js";

export interface StreamedEvent {
  readonly id: number;
  readonly data: string;
}

/**
 * Reads server-sent events after `lastEventId` until `enough` says so or the stream ends.
 * @throws Error when neither happens within `timeoutMs`
 */
export async function readStream(
  client: Client,
  path: string,
  enough: (events: readonly StreamedEvent[]) => boolean,
  options: { readonly lastEventId?: number; readonly timeoutMs?: number } = {},
): Promise<readonly StreamedEvent[]> {
  const { lastEventId, timeoutMs = 30_000 } = options;
  const resume = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`the stream ${path} did not come to its end`)), timeoutMs);
  try {
    const response = await client.open("GET", path, { headers: { accept: "text/event-stream", ...resume } }, stop.signal);
    if (!response.ok || response.body === null) throw new Error(`${path} answered ${response.status}`);
    const events: StreamedEvent[] = [];
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = `${rest}${chunk}`.split("\n\n");
      rest = frames.pop() ?? "";
      events.push(...frames.flatMap(toEvent));
      if (enough(events)) break;
    }
    return events;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function toEvent(frame: string): readonly StreamedEvent[] {
  const lines = frame.split("\n");
  const id = lines.find((line) => line.startsWith("id: "));
  if (id === undefined) return [];
  const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice("data: ".length));
  return [{ id: Number(id.slice("id: ".length)), data: data.join("\n") }];
}
