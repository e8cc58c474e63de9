import type { Socket } from "node:net";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { problemReply } from "./problem-reply.js";

const REASON: Readonly<Record<number, string>> = { 400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large" };

/** Answers what is no HTTP request at all (Node's `clientError`), in problem+json too, and closes the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new InterlockError("HEADERS_TOO_LARGE", "the request line and headers are larger than 16 KiB")
      : new InterlockError("VALIDATION_FAILED", "the request is not well-formed HTTP/1.1");
  const { status, headers, body } = problemReply(refusal, "");
  const lines = Object.entries({ ...headers, "content-length": String(body.length), connection: "close" });
  socket.end(
    `HTTP/1.1 ${status} ${REASON[status] ?? "Refused"}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
}
