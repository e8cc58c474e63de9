/** Whose rows a query may see: the accounts of a principal, or all for the services' own work. */
export type Scope = { readonly accounts: readonly string[]; readonly sessionId?: string | undefined } | "all";

/** A session as lists show it; kept beside the stream in the same commit. */
export interface SessionRow {
  readonly sessionId: string;
  /** `chainId:0xaddress`, lower case. */
  readonly account: string;
  readonly phase: string;
  readonly fence: string;
  readonly owners: readonly string[];
}

export interface SessionFilter {
  /** `chainId:0xaddress`; "" for any. */
  readonly account?: string;
  readonly owner?: string;
  readonly chainId?: string;
  readonly phase?: string;
  /** Session id after which the page begins; "" from the start. */
  readonly after: string;
  readonly limit: number;
}

/** Lists of sessions. Every query is bounded by a scope, and row-level security holds it to that. */
export interface SessionIndex {
  find(scope: Scope, sessionId: string): Promise<SessionRow | undefined>;
  list(scope: Scope, filter: SessionFilter): Promise<readonly SessionRow[]>;
  /** Sessions whose window or grant is over at `at` (Unix seconds) and whose stream does not say so yet. */
  overdue(at: number, limit: number): Promise<readonly string[]>;
  /** Ended sessions whose key the vault has not shredded yet. */
  unfenced(limit: number): Promise<readonly string[]>;
}
