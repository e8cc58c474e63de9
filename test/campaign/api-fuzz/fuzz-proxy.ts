import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type Ground, groundBody, groundPath } from "./ground.js";

/** A stream is cut after so many milliseconds: the fuzzer waits for the end of every answer. */
const STREAM_LIFE = 500;

export interface Case {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Trace of the request: what it caused carries it too. */
  readonly traceId: string;
}

export interface FuzzProxyOptions {
  readonly target: string;
  readonly ground: Ground;
  /** The token to call with, live whenever it is asked for. */
  readonly token: () => Promise<string>;
}

/**
 * Stands between the fuzzer and the gateway: gives each request a live login and a trace of its own, asks for things that exist in every
 * second one, and keeps what became of each.
 */
export class FuzzProxy {
  readonly cases: Case[] = [];
  private readonly server = createServer((incoming, outgoing) => void this.forward(incoming, outgoing).catch(() => outgoing.destroy()));

  constructor(private readonly options: FuzzProxyOptions) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "GET", url = "/" } = incoming;
    const real = this.cases.length % 2 === 0;
    const path = real ? groundPath(url, this.options.ground) : url;
    const body = real ? groundBody(url, Buffer.concat(chunks), this.options.ground) : Buffer.concat(chunks);
    const traceId = randomBytes(16).toString("hex");
    const {
      host: _host,
      authorization: _invented,
      "content-length": _length,
      "transfer-encoding": _encoding,
      ...headers
    } = incoming.headers;
    const sent = request(new URL(this.options.target), {
      method,
      path,
      headers: {
        ...headers,
        authorization: `Bearer ${await this.options.token()}`,
        traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01`,
        ...(body.length === 0 ? {} : { "content-length": body.length }),
      },
    });
    sent.once("response", (answer) => {
      this.cases.push({ method, path: url.split("?")[0] ?? "", status: answer.statusCode ?? 0, traceId });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      if (answer.headers["content-type"]?.startsWith("text/event-stream"))
        setTimeout(() => outgoing.end(() => answer.destroy()), STREAM_LIFE);
    });
    sent.once("error", () => outgoing.destroy());
    sent.end(body);
  }
}
