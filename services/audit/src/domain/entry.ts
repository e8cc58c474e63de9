/** One line of the audit stream: a position and the exact bytes that were published. */
export interface Entry {
  /** Dense, 0 for the first. */
  readonly logIndex: bigint;
  readonly bytes: Buffer;
  readonly partitionKey: string;
  /** SHA-256 of the bytes, hex: all that is shown of an entry somebody may not read. */
  readonly hash: string;
}

/** Who reads: an operator sees everything; an owner or agent the events of its accounts and of itself. */
export interface Reader {
  readonly kind: "owner" | "agent" | "operator";
  /** The wallet that signed in, or the agent's credential. */
  readonly sub: string;
  readonly accounts: readonly string[];
}

/** True when `reader` may see the event; otherwise it sees the position and the hash, so that nothing can be left out unseen. */
export function mayRead(reader: Reader, { partitionKey }: Pick<Entry, "partitionKey">): boolean {
  if (reader.kind === "operator" || reader.accounts.includes(partitionKey)) return true;
  const [, subject] = partitionKey.split(":");
  return subject === reader.sub.toLowerCase();
}
