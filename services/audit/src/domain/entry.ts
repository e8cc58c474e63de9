/** One line of the audit stream: a position and the exact bytes that were published. */
export interface Entry {
  /** Dense, 0 for the first. */
  readonly logIndex: bigint;
  readonly bytes: Buffer;
  readonly partitionKey: string;
  /** Hash of the bytes as a leaf of the log (RFC 6962): all that is shown of an entry somebody may not read. */
  readonly leafHash: Buffer;
}

/** A person or an agent that signed in at the gateway. */
export interface SignedInReader {
  readonly kind: "owner" | "agent" | "operator";
  /** The wallet that signed in, or the agent's credential. */
  readonly sub: string;
  readonly accounts: readonly string[];
}

/** Somebody outside who checks us, with a scope of their own. */
export interface Auditor {
  readonly kind: "auditor";
  readonly sub: string;
  /** `chainId:account`, lower case; `*` is every account and the events that belong to none. */
  readonly accounts: "*" | readonly string[];
  /** First entry of the scope. */
  readonly from?: bigint | undefined;
  /** Entry after the last of the scope. */
  readonly to?: bigint | undefined;
}

export type Reader = SignedInReader | Auditor;

/**
 * True when `reader` may see the event; otherwise it sees the position and the leaf hash, so that nothing can be left out unseen.
 * An operator sees everything; an owner or agent the events of its accounts and of itself; an auditor those of its scope.
 */
export function mayRead(reader: Reader, { partitionKey, logIndex }: Pick<Entry, "partitionKey" | "logIndex">): boolean {
  if (reader.kind === "auditor") {
    const { accounts, from = 0n, to } = reader;
    if (logIndex < from || (to !== undefined && logIndex >= to)) return false;
    return accounts === "*" || accounts.includes(partitionKey);
  }
  if (reader.kind === "operator" || reader.accounts.includes(partitionKey)) return true;
  const [, subject] = partitionKey.split(":");
  return subject === reader.sub.toLowerCase();
}

/** True when no entry of the log is withheld from `reader`. */
export function readsEverything(reader: Reader): boolean {
  if (reader.kind !== "auditor") return reader.kind === "operator";
  return reader.accounts === "*" && reader.from === undefined && reader.to === undefined;
}
