/** What the verifier reads of an event: who counted it, and as what. */
export interface EventAttributes {
  readonly source: string;
  /** 20 digits. */
  readonly sequence: string;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BRACE = 0x7b;
const BACKSLASH = 0x5c;
const SOURCE = Buffer.from("source");
const SEQUENCE = Buffer.from("sequence");

const is = (bytes: Buffer, start: number, end: number, word: Buffer) =>
  end - start === word.length && bytes.compare(word, 0, word.length, start, end) === 0;

/**
 * `source` and `sequence` of the event in bytes[start, end). Walks the attributes in front of `data`, which in our events are plain
 * strings; anything else is left to the JSON parser, so that no event can mean one thing here and another elsewhere.
 * @returns undefined when the bytes are no event
 */
export function eventAttributes(bytes: Buffer, start: number, end: number): EventAttributes | undefined {
  let source: string | undefined;
  let at = start;
  if (bytes[at++] !== BRACE) return undefined;
  for (;;) {
    if (bytes[at] !== QUOTE) break;
    const nameEnd = bytes.indexOf(QUOTE, at + 1);
    if (nameEnd === -1 || bytes[nameEnd + 1] !== COLON || bytes[nameEnd + 2] !== QUOTE) break;
    const valueEnd = bytes.indexOf(QUOTE, nameEnd + 3);
    if (valueEnd === -1 || valueEnd >= end || bytes[valueEnd + 1] !== COMMA) break;
    if (hasEscape(bytes, at, valueEnd)) break;
    if (is(bytes, at + 1, nameEnd, SOURCE)) {
      if (source !== undefined) break;
      source = bytes.toString("latin1", nameEnd + 3, valueEnd);
    } else if (is(bytes, at + 1, nameEnd, SEQUENCE)) {
      if (source === undefined) break;
      return checked(source, bytes.toString("latin1", nameEnd + 3, valueEnd));
    }
    at = valueEnd + 2;
  }
  return parsed(bytes, start, end);
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === BACKSLASH) return true;
  return false;
}

function parsed(bytes: Buffer, start: number, end: number): EventAttributes | undefined {
  try {
    const event: unknown = JSON.parse(bytes.toString("utf8", start, end));
    if (typeof event !== "object" || event === null || !("source" in event) || !("sequence" in event)) return undefined;
    const { source, sequence } = event;
    return typeof source === "string" && typeof sequence === "string" ? checked(source, sequence) : undefined;
  } catch {
    return undefined;
  }
}

function checked(source: string, sequence: string): EventAttributes | undefined {
  return /^[0-9]{20}$/.test(sequence) ? { source, sequence } : undefined;
}
