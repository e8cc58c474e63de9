import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Witness } from "./witness.js";

/** Largest request: a proof of 63 hashes and a note with its signatures. */
const MAX_BODY = 64 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: string, contentType = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body);
}

const HELD = "/checkpoint/";

/** The log of GET /checkpoint/ORIGIN, percent-encoded; undefined for every other path. */
function originIn(url: string): string | undefined {
  if (!url.startsWith(HELD)) return undefined;
  try {
    return decodeURIComponent(url.slice(HELD.length));
  } catch {
    return undefined;
  }
}

async function handle(witness: Witness, verifierKey: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === "/key" && request.method === "GET") return send(response, 200, `${verifierKey}\n`);
  if (request.url === "/livez" && request.method === "GET") return send(response, 200, "ok\n");
  const origin = originIn(request.url ?? "");
  if (origin !== undefined && request.method === "GET") {
    const { status, body, contentType } = witness.held(origin);
    return send(response, status, body, contentType);
  }
  if (request.url !== "/add-checkpoint") return send(response, 404, "there is no such path\n");
  if (request.method !== "POST") return send(response, 405, "POST it\n");
  const body = await bodyOf(request);
  if (body === undefined) return send(response, 413, `at most ${MAX_BODY} bytes\n`);
  const answer = await witness.add(body);
  send(response, answer.status, answer.body, answer.contentType);
}

/** POST /add-checkpoint, GET /checkpoint/ORIGIN, GET /key, GET /livez. */
export function witnessServer(witness: Witness, verifierKey: string, onError: (error: unknown) => void): Server {
  return createServer((request, response) => {
    handle(witness, verifierKey, request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent) send(response, 500, "something broke here\n");
    });
  });
}
