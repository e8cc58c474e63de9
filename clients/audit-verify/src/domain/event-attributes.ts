/** Who counted an event, and as what. */
export interface EventAttributes {
  /** CloudEvents source, as bytes[sourceStart, sourceEnd) of `bytes`. */
  readonly bytes: Buffer;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  /** The producer's count; exact up to 2^53. */
  readonly sequence: number;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BRACE = 0x7b;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const DIGITS = 20;
const SOURCE = Buffer.from("source");
const SEQUENCE = Buffer.from("sequence");

function is(bytes: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

/** Index of the quote that ends the string which begins at `at`; -1 when an escape or the end comes first. */
function endOfString(bytes: Buffer, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return -1;
  }
  return -1;
}

/** The number in 20 digits, -1 when they are none. */
function digits(bytes: Buffer, start: number, end: number): number {
  if (end - start !== DIGITS) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * `source` and `sequence` of the event in bytes[start, end). Walks the attributes in front of `data`, which in our events are plain
 * strings; anything else is left to the JSON parser, so that no event can mean one thing here and another elsewhere. Written without
 * calls into the runtime: this runs for every one of millions of events.
 * @returns undefined when the bytes are no event
 */
export function eventAttributes(bytes: Buffer, start: number, end: number): EventAttributes | undefined {
  if (bytes[start] !== BRACE) return undefined;
  let sourceStart = -1;
  let sourceEnd = -1;
  for (let at = start + 1; bytes[at] === QUOTE; ) {
    const nameEnd = endOfString(bytes, at + 1, end);
    if (nameEnd === -1 || bytes[nameEnd + 1] !== COLON || bytes[nameEnd + 2] !== QUOTE) break;
    const valueEnd = endOfString(bytes, nameEnd + 3, end);
    if (valueEnd === -1 || bytes[valueEnd + 1] !== COMMA) break;
    if (is(bytes, at + 1, nameEnd, SOURCE)) {
      if (sourceStart !== -1) break;
      sourceStart = nameEnd + 3;
      sourceEnd = valueEnd;
    } else if (is(bytes, at + 1, nameEnd, SEQUENCE)) {
      if (sourceStart === -1) break;
      const sequence = digits(bytes, nameEnd + 3, valueEnd);
      return sequence === -1 ? undefined : { bytes, sourceStart, sourceEnd, sequence };
    }
    at = valueEnd + 2;
  }
  return parsed(bytes, start, end);
}

function parsed(line: Buffer, start: number, end: number): EventAttributes | undefined {
  try {
    const event: unknown = JSON.parse(line.toString("utf8", start, end));
    if (typeof event !== "object" || event === null || !("source" in event) || !("sequence" in event)) return undefined;
    if (typeof event.source !== "string" || typeof event.sequence !== "string") return undefined;
    const bytes = Buffer.from(event.source);
    const text = Buffer.from(event.sequence);
    const sequence = digits(text, 0, text.length);
    return sequence === -1 ? undefined : { bytes, sourceStart: 0, sourceEnd: bytes.length, sequence };
  } catch {
    return undefined;
  }
}
