import { KafkaEventLog } from "../../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";

/** What tests compare of an event. */
export function audited(bytes: Buffer) {
  const { id, source, sequence, stream, streamversion } = JSON.parse(bytes.toString("utf8")) as Record<string, string>;
  return { id: id ?? "", source: source ?? "", sequence: Number(sequence), stream: stream ?? "", version: Number(streamversion) };
}

/** The first `size` entries of `audit.v1` by the index in their header. @throws Error when one is missing or came twice with other bytes */
export async function topicLines(brokers: readonly string[], size: number): Promise<readonly Buffer[]> {
  const log = new KafkaEventLog({ brokers, clientId: "reader", random: systemRandom });
  const lines = new Map<number, Buffer>();
  try {
    const [end = 0n] = await log.ends("audit.v1");
    for (let offset = 0n; offset < end; ) {
      const records = await log.read({ topic: "audit.v1", partition: 0, fromOffset: offset, limit: 1_000 });
      const last = records.at(-1);
      if (last === undefined) break;
      offset = last.offset + 1n;
      for (const { headers, value } of records) {
        const index = Number(headers.logindex);
        if (lines.get(index)?.equals(value) === false) throw new Error(`entry ${index} stands on the topic twice with other bytes`);
        lines.set(index, value);
      }
    }
  } finally {
    await log.close();
  }
  return Array.from({ length: size }, (_, index) => {
    const line = lines.get(index);
    if (line === undefined) throw new Error(`the topic has no entry ${index}`);
    return line;
  });
}

/** The first `size` entries as server-sent events. */
export async function sseLines(url: string, token: string, size: number): Promise<readonly Buffer[]> {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
  const { body } = await fetch(url, { headers, signal: stop.signal });
  const lines: Buffer[] = [];
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const [, index, line] = /^id: ([0-9]+)\nevent: audit\ndata: (.*)$/.exec(frame) ?? [];
      if (index === undefined || line === undefined) continue;
      if (Number(index) !== lines.length) throw new Error(`the stream gives ${index} after ${lines.length - 1}`);
      lines.push(Buffer.from(line));
      if (lines.length === size) {
        stop.abort();
        return lines;
      }
    }
  }
  throw new Error(`the stream ended after ${lines.length} entries`);
}
