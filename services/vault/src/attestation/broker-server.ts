import { createServer, type Server } from "node:http";
import { z } from "zod";
import { errorRow } from "#platform/errors/error-table.js";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import type { KekBroker } from "./kek-broker.js";

const MAX_BODY = 64 * 1024;
const releaseRequest = z.strictObject({ nonce: z.base64(), document: z.base64() });

/** HTTP in front of a broker: `POST /challenge`, `POST /release`. What it sends is encrypted to the attested key, so it needs no TLS of its own. */
export function brokerServer(broker: KekBroker): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) request.destroy();
      else chunks.push(chunk);
    });
    request.on("end", () => {
      answer(broker, request.method, request.url, Buffer.concat(chunks).toString("utf8")).then(
        (body) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
        (error: unknown) => {
          const known = findInterlockError(error) ?? new InterlockError("INTERNAL", "the broker failed");
          const { code, message, details } = known;
          response.writeHead(errorRow(code).http, { "content-type": "application/json" }).end(JSON.stringify({ code, message, details }));
        },
      );
    });
  });
}

async function answer(broker: KekBroker, method: string | undefined, url: string | undefined, body: string): Promise<object> {
  if (method === "POST" && url === "/challenge") return { nonce: broker.challenge().toString("base64") };
  if (method !== "POST" || url !== "/release") throw new InterlockError("NOT_FOUND", "there is only POST /challenge and POST /release");
  const parsed = releaseRequest.safeParse(parseJsonObject(body));
  if (!parsed.success) throw new InterlockError("VALIDATION_FAILED", "the body must be JSON with nonce and document");
  const { nonce, document } = parsed.data;
  return broker.release(Buffer.from(nonce, "base64"), Buffer.from(document, "base64"));
}
