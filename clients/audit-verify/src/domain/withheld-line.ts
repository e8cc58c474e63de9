const PREFIX = Buffer.from('{"logindex":"');
const LINE = /^\{"logindex":"(0|[1-9][0-9]{0,14})","withheld":true,"leafhash":"([0-9a-f]{64})"\}$/;

/** An entry the holder may not read: its place and the hash of its bytes. */
export interface Withheld {
  readonly index: number;
  readonly leafHash: Buffer;
}

/** True when the line stands for a withheld entry. No event begins like that: a CloudEvent of the log begins with specversion. */
export function isWithheld(bytes: Buffer, start: number, end: number): boolean {
  if (end - start <= PREFIX.length) return false;
  for (let i = 0; i < PREFIX.length; i++) if (bytes[start + i] !== PREFIX[i]) return false;
  return true;
}

/** The withheld entry in the line, undefined when it is not written in the one right way. */
export function parseWithheld(bytes: Buffer, start: number, end: number): Withheld | undefined {
  const [, index, hash] = LINE.exec(bytes.toString("utf8", start, end)) ?? [];
  return index === undefined || hash === undefined ? undefined : { index: Number(index), leafHash: Buffer.from(hash, "hex") };
}
