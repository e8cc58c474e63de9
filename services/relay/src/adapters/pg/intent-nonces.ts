import type pg from "pg";

/** Nonces taken from a session's counter at once; those a crash loses are never used, which an unordered nonce allows. */
const BLOCK = 32n;

/** Intent nonces of sessions: mostly sequential, because the chain keeps them in a bitmap and a started word is cheap. */
export class IntentNonces {
  private readonly taken = new Map<string, { next: bigint; end: bigint }>();
  private readonly refills = new Map<string, Promise<void>>();

  constructor(private readonly pool: pg.Pool) {}

  /** A nonce no other intent of the session was ever given. */
  async next(sessionId: string): Promise<bigint> {
    for (;;) {
      const range = this.taken.get(sessionId);
      if (range !== undefined && range.next < range.end) return range.next++;
      await this.#refill(sessionId);
    }
  }

  #refill(sessionId: string): Promise<void> {
    const running = this.refills.get(sessionId) ?? this.#take(sessionId).finally(() => this.refills.delete(sessionId));
    this.refills.set(sessionId, running);
    return running;
  }

  async #take(sessionId: string): Promise<void> {
    const { rows } = await this.pool.query<{ next: string }>({
      name: "relay_intent_nonces",
      text: `INSERT INTO relay.intent_nonce (session_id, next) VALUES ($1, $2)
        ON CONFLICT (session_id) DO UPDATE SET next = intent_nonce.next + $2 RETURNING next`,
      values: [sessionId, BLOCK.toString()],
    });
    const end = BigInt(rows[0]?.next ?? BLOCK);
    this.taken.set(sessionId, { next: end - BLOCK, end });
  }
}
