import { InterlockError } from "../errors/interlock-error.js";
import type { NewEvent } from "./types.js";

/** Largest `data` of one event in bytes of JSON: with its envelope the event stays under the 64 KiB of 05-audit. */
export const MAX_DATA_BYTES = 48 * 1024;
const TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\.v[1-9][0-9]*$/;

/**
 * The JSON text of an event's data.
 * @throws InterlockError VALIDATION_FAILED when the type has no major version or the data is too large
 */
export function checkedData(event: NewEvent): string {
  if (!TYPE.test(event.type)) throw refusal("type", "must be dotted lower-case words that end in .v<major>", event.type);
  const text = JSON.stringify(event.data);
  const size = text.length > MAX_DATA_BYTES / 4 ? Buffer.byteLength(text) : 0;
  if (size > MAX_DATA_BYTES) throw refusal("data", `must be at most ${MAX_DATA_BYTES} bytes of JSON`, `${size} bytes`);
  return text;
}

/** The error for text that JSON can carry and Postgres cannot: U+0000 and lone surrogates. */
export function unstorableText(stream: string, cause: unknown): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `an event for ${stream} holds text that is not valid Unicode`, {
    details: { field: "data", rule: "no U+0000 and no lone surrogate", stream },
    cause,
  });
}

function refusal(field: string, rule: string, value: string): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `event ${field} ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}
