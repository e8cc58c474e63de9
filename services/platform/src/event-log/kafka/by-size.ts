import type { LogRecord } from "../event-log.js";

/** Parts of `records`, in order, of at most `maxBytes` of keys and values each; a larger record is a part of its own. */
export function bySize(records: readonly LogRecord[], maxBytes: number): LogRecord[][] {
  const parts: LogRecord[][] = [];
  let part: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = Buffer.byteLength(record.key) + record.value.length + headerBytes(record);
    if (part.length > 0 && bytes + size > maxBytes) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function headerBytes({ headers }: LogRecord): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0);
}
