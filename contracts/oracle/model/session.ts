import type { Spent } from "./budget.js";
import type { Uses } from "./rate.js";

/** Everything the chain knows of one session. */
export interface Session {
  readonly armed: boolean;
  readonly revoked: boolean;
  readonly uses: Uses;
  readonly spent: Spent;
  readonly nonces: ReadonlySet<bigint>;
}

export const NEVER_ARMED: Session = { armed: false, revoked: false, uses: [], spent: new Map(), nonces: new Set() };
