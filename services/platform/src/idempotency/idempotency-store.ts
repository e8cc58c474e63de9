import { createHash } from "node:crypto";
import type pg from "pg";
import { identifier } from "../database/identifier.js";
import { withTransaction } from "../database/with-client.js";
import { InterlockError } from "../errors/interlock-error.js";
import { canonicalJson, type JsonObject, type JsonValue } from "../kernel/json.js";

/** One request that must have its effect once. */
export interface IdempotentRequest {
  /** Who and what: the same key of two callers, or of two operations, is not the same request. */
  readonly scope: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
  readonly body: JsonValue;
}

export interface IdempotentResult<T> {
  readonly result: T;
  /** True when nothing was done now and the result is that of the first time. */
  readonly replayed: boolean;
}

/** Remembers results by key, in the transaction of the effect: a crash leaves both or neither. */
export class IdempotencyStore {
  readonly #table: string;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.idempotency`;
  }

  /**
   * Runs `work` once per key. A `work` that rejects leaves nothing behind, so that its key can be used again.
   * @throws InterlockError IDEMPOTENCY_KEY_IN_FLIGHT (409) while the first is running; IDEMPOTENCY_KEY_REUSED (422) for another body
   */
  run<T extends JsonObject>(request: IdempotentRequest, work: (tx: pg.PoolClient) => Promise<T>): Promise<IdempotentResult<T>> {
    const { scope, key } = request;
    const fingerprint = createHash("sha256").update(canonicalJson(request.body)).digest();
    return withTransaction(this.pool, async (tx) => {
      // The lock ends with the transaction, however that ends: no request is in flight for ever.
      const lock = await tx.query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS ok", [`${this.#table}\n${scope}\n${key}`]);
      if (lock.rows[0]?.ok !== true) throw refusal("IDEMPOTENCY_KEY_IN_FLIGHT", "a request with this key is still running", key);
      const { rows } = await tx.query<{ fingerprint: Buffer; result: T }>(
        `SELECT fingerprint, result FROM ${this.#table} WHERE scope = $1 AND key = $2`,
        [scope, key],
      );
      const [kept] = rows;
      if (kept !== undefined) {
        if (kept.fingerprint.equals(fingerprint)) return { result: kept.result, replayed: true };
        throw refusal("IDEMPOTENCY_KEY_REUSED", "this key was used with another body", key);
      }
      const result = await work(tx);
      await tx.query(`INSERT INTO ${this.#table} (scope, key, fingerprint, result) VALUES ($1, $2, $3, $4)`, [
        scope,
        key,
        fingerprint,
        JSON.stringify(result),
      ]);
      return { result, replayed: false };
    });
  }

  /** Forgets results from before `time`; returns how many. */
  async forgetBefore(time: Date): Promise<number> {
    return (await this.pool.query(`DELETE FROM ${this.#table} WHERE created_at < $1`, [time])).rowCount ?? 0;
  }
}

function refusal(code: "IDEMPOTENCY_KEY_IN_FLIGHT" | "IDEMPOTENCY_KEY_REUSED", message: string, key: string): InterlockError {
  return new InterlockError(code, message, { details: { field: "Idempotency-Key", value: key.slice(0, 100) } });
}
