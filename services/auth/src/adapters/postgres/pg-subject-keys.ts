import type { Pool } from "pg";
import type { Random } from "#platform/kernel/random.js";
import { seal, unseal } from "#platform/personal-data/sealed-text.js";
import type { SubjectKey, SubjectKeys } from "../../application/ports/subject-keys.js";
import type { Tx } from "../../application/ports/tx.js";

interface KeyRow {
  readonly version: number;
  readonly wrapped: Buffer;
}

/** Keys in Postgres, wrapped by PII_KEY. A destroyed key's row stays without the key, so that its version is never given again. */
export class PgSubjectKeys implements SubjectKeys {
  /** @param wrapping 32 bytes of PII_KEY */
  constructor(
    private readonly pool: Pool,
    private readonly wrapping: Buffer,
    private readonly random: Random,
  ) {}

  async current(tx: Tx, subjectRef: string): Promise<SubjectKey> {
    // One maker at a time for each subject, and no eraser beside it.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [subjectRef]);
    const text =
      "SELECT version, wrapped FROM auth.subject_key WHERE subject_ref = $1 AND wrapped IS NOT NULL ORDER BY version DESC LIMIT 1";
    const { rows } = await tx.query<KeyRow>(text, [subjectRef]);
    if (rows[0] !== undefined) return this.opened(subjectRef, rows[0]);
    const last = await tx.query<{ last: number }>(
      "SELECT coalesce(max(version), 0)::int AS last FROM auth.subject_key WHERE subject_ref = $1",
      [subjectRef],
    );
    const version = (last.rows[0]?.last ?? 0) + 1;
    const key = Buffer.from(this.random.bytes(32));
    const wrapped = seal(this.wrapping, about(subjectRef, version), key, this.random);
    await tx.query("INSERT INTO auth.subject_key (subject_ref, version, wrapped) VALUES ($1, $2, $3)", [subjectRef, version, wrapped]);
    return { subjectRef, version, key };
  }

  async find(subjectRef: string, version: number): Promise<SubjectKey | undefined> {
    const text = "SELECT version, wrapped FROM auth.subject_key WHERE subject_ref = $1 AND version = $2 AND wrapped IS NOT NULL";
    const { rows } = await this.pool.query<KeyRow>(text, [subjectRef, version]);
    return rows[0] === undefined ? undefined : this.opened(subjectRef, rows[0]);
  }

  async destroy(tx: Tx, subjectRef: string): Promise<readonly number[]> {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [subjectRef]);
    const text = `UPDATE auth.subject_key SET wrapped = NULL, erased_at = clock_timestamp()
      WHERE subject_ref = $1 AND wrapped IS NOT NULL RETURNING version`;
    const { rows } = await tx.query<{ version: number }>(text, [subjectRef]);
    return rows.map(({ version }) => version);
  }

  private opened(subjectRef: string, { version, wrapped }: KeyRow): SubjectKey {
    return { subjectRef, version, key: unseal(this.wrapping, about(subjectRef, version), wrapped) };
  }
}

const about = (subjectRef: string, version: number) => `subject-key/1 ${subjectRef} ${version}`;
