import { hasCode } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { csrfTokenHolds, secretHash } from "../domain/opaque-secret.js";
import type { Introspection, Presented } from "./introspect.js";

/** Most credentials remembered; the least recently used one makes room. */
const ENTRIES = 10_000;

/**
 * Who stood behind a credential when the database last said so. While it is away that answers requests which only read or narrow: an owner
 * must be able to DISARM then. Whatever adds authority is refused, and a credential that was refused once is forgotten.
 */
export class LastKnown {
  private readonly known = new Map<string, Introspection>();

  constructor(private readonly clock: Clock) {}

  /** Asks with `ask`, and answers with what was known last where the database is away. @throws what `ask` threw where nothing serves */
  async or(presented: Presented, ask: () => Promise<Introspection>): Promise<Introspection> {
    const key = `${presented.kind}:${secretHash(presented.credential).toString("hex")}`;
    try {
      const answer = await ask();
      this.remember(key, answer);
      return answer;
    } catch (error) {
      const last = this.known.get(key);
      if (!hasCode(error, "DEPENDENCY_UNAVAILABLE")) this.known.delete(key);
      else if (last !== undefined && this.serves(last, presented)) return last;
      throw error;
    }
  }

  private serves({ principal, csrfToken }: Introspection, presented: Presented): boolean {
    const csrf = csrfToken === undefined || !presented.unsafeMethod || csrfTokenHolds(presented.credential, presented.csrfToken);
    return presented.addsNoAuthority && csrf && this.clock.now() < principal.expiresAt;
  }

  private remember(key: string, answer: Introspection): void {
    this.known.delete(key);
    this.known.set(key, answer);
    const [oldest] = this.known.keys();
    if (this.known.size > ENTRIES && oldest !== undefined) this.known.delete(oldest);
  }
}
