import type { IncomingHttpHeaders } from "node:http";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** Position a client has seen, from its `Last-Event-ID`; undefined without one. @throws InterlockError VALIDATION_FAILED */
export function lastEventId(headers: IncomingHttpHeaders): bigint | undefined {
  const value = headers["last-event-id"];
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string" && /^(0|[1-9][0-9]{0,17})$/.test(value)) return BigInt(value);
  throw new InterlockError("VALIDATION_FAILED", "Last-Event-ID: must be the id of an event of this stream", {
    details: { field: "header.last-event-id", rule: "a position, decimal", value: String(value).slice(0, 100) },
  });
}
