import { LogError } from "#platform/transparency-log/log-error.js";

const TAB = 0x09;

/**
 * One record of a topic dump, as `kcat -C -t audit.v1 -e -f '%h\t%s\n'` writes it: headers `name=value,...`, a tab, the event.
 * @returns the log index and where the event begins
 * @throws LogError MODIFIED when the line is none
 */
export function parseDumpLine(bytes: Buffer, start: number, end: number): { readonly index: number; readonly start: number } {
  const tab = bytes.indexOf(TAB, start);
  const headers = tab === -1 || tab >= end ? "" : bytes.toString("utf8", start, tab);
  const [, index] = /(?:^|,)logindex=(0|[1-9][0-9]{0,14})(?:,|$)/.exec(headers) ?? [];
  if (index === undefined) throw new LogError("MODIFIED", "a record of the dump has no logindex header");
  return { index: Number(index), start: tab + 1 };
}
