import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Command } from "commander";
import { contextOf } from "../context.js";

interface TailOptions {
  readonly from: string;
  readonly follow: boolean;
}

/** One message of a server-sent event stream (WHATWG HTML, section 9.2). */
interface Message {
  id: string;
  data: string;
}

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let message: Message = { id: "", data: "" };
  for await (const line of createInterface({ input: Readable.fromWeb(body) })) {
    if (line.startsWith("id:")) message.id = line.slice(3).trim();
    else if (line.startsWith("data:")) message.data += line.slice(5).trimStart();
    else if (line === "" && message.data !== "") {
      yield message;
      message = { id: "", data: "" };
    }
  }
}

/** `interlock tail`: the audit stream, one event a line, in order; a broken connection is resumed where it broke. */
export function registerTail(program: Command): void {
  program
    .command("tail")
    .description("the audit stream, one event a line")
    .option("--from <index>", "first position", "0")
    .option("--no-follow", "end at the newest event")
    .action(async ({ from, follow }: TailOptions, command: Command) => {
      const { api } = contextOf(command);
      let next = BigInt(from);
      if (!follow) {
        const response = await api.send("GET", `/v1/audit/events?from=${next}&limit=200`, { headers: { accept: "application/x-ndjson" } });
        process.stdout.write(await response.text());
        return;
      }
      for (;;) {
        const lastSeen: Record<string, string> = next > 0n ? { "last-event-id": String(next - 1n) } : {};
        const headers = { accept: "text/event-stream", ...lastSeen };
        const response = await api.send("GET", `/v1/audit/events?from=${next}`, { headers });
        if (response.body === null) throw new Error("the stream has no body");
        try {
          for await (const { id, data } of messages(response.body)) {
            if (id === "") continue;
            console.log(`{"logindex":"${id}","event":${data}}`);
            next = BigInt(id) + 1n;
          }
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      }
    });
}
