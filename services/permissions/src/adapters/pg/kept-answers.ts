import { createHash } from "node:crypto";
import type pg from "pg";
import { identifier } from "#platform/database/identifier.js";
import { withClient } from "#platform/database/with-client.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { canonicalJson } from "#platform/kernel/json.js";
import type { AnswerKeeper, KeptRequest } from "../../application/answer-keeper.js";

/** After this many seconds an attempt that never ended may be made again. */
const ABANDONED = 60;

interface Row<T> {
  readonly fingerprint: string;
  readonly answer: T | null;
  readonly mine: boolean;
}

/** Answers in Postgres; a row without an answer is an attempt under way. */
export class KeptAnswers implements AnswerKeeper {
  readonly #table: string;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.kept_answer`;
  }

  async once<T extends object>(request: KeptRequest, work: () => Promise<T>): Promise<T> {
    if (request.key === "") return work();
    const kept = await this.begin<T>(request);
    if (kept !== undefined) return kept;
    try {
      const answer = await work();
      await this.run(`UPDATE ${this.#table} SET answer = $3 WHERE principal = $1 AND key = $2`, request, [JSON.stringify(answer)]);
      return answer;
    } catch (error) {
      // If this fails too, the attempt counts as abandoned after a minute.
      await this.run(`DELETE FROM ${this.#table} WHERE principal = $1 AND key = $2 AND answer IS NULL`, request).catch(() => undefined);
      throw error;
    }
  }

  private async begin<T>(request: KeptRequest): Promise<T | undefined> {
    const fingerprint = createHash("sha256").update(canonicalJson(request.body)).digest("hex");
    const text = `INSERT INTO ${this.#table} AS kept (principal, key, fingerprint) VALUES ($1, $2, $3)
      ON CONFLICT (principal, key) DO UPDATE
        SET begun_at = CASE WHEN ${this.takeOver()} THEN now() ELSE kept.begun_at END
      RETURNING fingerprint, answer, (xmax = 0 OR (answer IS NULL AND begun_at = now())) AS mine`;
    const [row] = (await this.run<Row<T>>(text, request, [fingerprint])).rows;
    if (row === undefined) throw new InterlockError("INTERNAL", "the idempotency row was neither made nor found");
    if (row.fingerprint !== fingerprint) {
      throw new InterlockError("IDEMPOTENCY_KEY_REUSED", "this idempotency key was used with another body", {
        details: { key: request.key },
      });
    }
    if (row.answer !== null) return row.answer;
    if (row.mine) return undefined;
    throw new InterlockError("IDEMPOTENCY_KEY_IN_FLIGHT", "a request with this idempotency key is under way", {
      details: { key: request.key },
    });
  }

  private takeOver(): string {
    return `kept.answer IS NULL AND kept.fingerprint = $3 AND kept.begun_at < now() - interval '${ABANDONED} seconds'`;
  }

  private run<R extends pg.QueryResultRow>(text: string, { principal, key }: KeptRequest, more: readonly string[] = []) {
    return withClient(this.pool, (client) => client.query<R>(text, [principal, key, ...more]));
  }
}
