import { createHash } from "node:crypto";
import type pg from "pg";
import { identifier } from "../database/identifier.js";
import { withClient } from "../database/with-client.js";
import { InterlockError } from "../errors/interlock-error.js";
import { canonicalJson, type JsonValue } from "../kernel/json.js";
import { forgetOldRows } from "./forget-old-rows.js";

/** One request that must have its effect once. */
export interface KeptRequest {
  /** Who and what: the same key of two callers, or of two operations, is not the same request. */
  readonly scope: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
  readonly body: JsonValue;
}

/** After this many seconds an attempt that never ended may be made again. */
const ABANDONED = 60;

interface Row<T> {
  readonly fingerprint: Buffer;
  readonly result: T | null;
  readonly mine: boolean;
  /** When this attempt began, to the microsecond: what tells it from one that was begun after it was given up. */
  readonly attempt: string;
}

/** What a request meets: the answer that was kept, or an attempt of its own. */
type Begun<T> = { readonly kept: T } | { readonly attempt: string };

/**
 * Answers by Idempotency-Key, in the service's `idempotency` table. A row without a result is an attempt under way: the work may call other
 * services, so no connection and no transaction is held while it runs. What fits in one transaction with its append (relay's executions)
 * keeps its key there instead.
 */
export class KeptAnswers {
  readonly #table: string;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.idempotency`;
  }

  /**
   * Runs `work` once per key, and gives the first answer again. A `work` that rejects leaves nothing behind, so that its key can be used again.
   * @throws InterlockError IDEMPOTENCY_KEY_IN_FLIGHT (409) while the first is running; IDEMPOTENCY_KEY_REUSED (422) for another body
   */
  async once<T extends object>(request: KeptRequest, work: () => Promise<T>): Promise<T> {
    const begun = await this.#begin<T>(request);
    if ("kept" in begun) return begun.kept;
    try {
      const answer = await work();
      await this.#run(`UPDATE ${this.#table} SET result = $3 WHERE scope = $1 AND key = $2 AND result IS NULL`, request, [
        JSON.stringify(answer),
      ]);
      return answer;
    } catch (error) {
      // If this fails too, the attempt counts as abandoned after a minute. One that was given up must not end its successor's.
      const own = `DELETE FROM ${this.#table} WHERE scope = $1 AND key = $2 AND result IS NULL AND created_at = $3::timestamptz`;
      await this.#run(own, request, [begun.attempt]).catch(() => undefined);
      throw error;
    }
  }

  /** Forgets up to `limit` answers from before `time`, the oldest first; returns how many. */
  forgetBefore(time: Date, limit: number): Promise<number> {
    return forgetOldRows(this.pool, this.#table, time, limit);
  }

  async #begin<T>(request: KeptRequest): Promise<Begun<T>> {
    const fingerprint = createHash("sha256").update(canonicalJson(request.body)).digest();
    const text = `INSERT INTO ${this.#table} AS kept (scope, key, fingerprint) VALUES ($1, $2, $3)
      ON CONFLICT (scope, key) DO UPDATE SET created_at = CASE
        WHEN kept.result IS NULL AND kept.fingerprint = $3 AND kept.created_at < now() - interval '${ABANDONED} seconds' THEN now()
        ELSE kept.created_at END
      RETURNING fingerprint, result, (xmax = 0 OR (result IS NULL AND created_at = now())) AS mine, created_at::text AS attempt`;
    const [row] = (await this.#run<Row<T>>(text, request, [fingerprint])).rows;
    if (row === undefined) throw new InterlockError("INTERNAL", "the idempotency row was neither made nor found");
    if (!row.fingerprint.equals(fingerprint)) throw refusal("IDEMPOTENCY_KEY_REUSED", "this key was used with another body", request);
    if (row.result !== null) return { kept: row.result };
    if (row.mine) return { attempt: row.attempt };
    throw refusal("IDEMPOTENCY_KEY_IN_FLIGHT", "a request with this key is still running", request);
  }

  #run<R extends pg.QueryResultRow>(text: string, { scope, key }: KeptRequest, more: readonly (string | Buffer)[] = []) {
    return withClient(this.pool, (client) => client.query<R>(text, [scope, key, ...more]));
  }
}

function refusal(code: "IDEMPOTENCY_KEY_IN_FLIGHT" | "IDEMPOTENCY_KEY_REUSED", message: string, { key }: KeptRequest): InterlockError {
  return new InterlockError(code, message, { details: { field: "Idempotency-Key", value: key.slice(0, 100) } });
}
