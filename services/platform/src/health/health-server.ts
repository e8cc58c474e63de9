import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventLoopWatch } from "./event-loop-watch.js";

export interface HealthServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly eventLoop: EventLoopWatch;
  /** True once the service's own port is open and until it stops; nothing outside this process counts. */
  readonly ready: () => boolean;
  /** Body of /status. */
  readonly status: () => unknown;
  /** Text of /metrics. */
  readonly metrics: () => Promise<string>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}

async function answer(path: string, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  if (path === "/livez") {
    const stalledMs = options.eventLoop.stalledMs();
    json(response, options.eventLoop.alive() ? 200 : 503, { alive: options.eventLoop.alive(), eventLoopDelayMs: stalledMs });
  } else if (path === "/readyz") json(response, options.ready() ? 200 : 503, { ready: options.ready() });
  else if (path === "/status") json(response, 200, options.status());
  else if (path === "/metrics") {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(await options.metrics());
  } else json(response, 404, { error: "not found" });
}

/** The tiny server for kubelet, Prometheus and people: its own port, no framework, no dependency. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server: Server = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "/";
    answer(path, response, options).catch(() => {
      if (!response.headersSent) json(response, 500, { error: "internal" });
      else response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
