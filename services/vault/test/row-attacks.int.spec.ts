import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SignRequest } from "#proto/interlock/vault/v1/vault.js";
import { SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };
const BYTE_COLUMNS = ["pubkey", "dek_salt", "dek_iv", "wrapped_dek", "iv", "encrypted_key", "commitment", "floor_hash"] as const;
/** Columns of another user's row that could be put into mine; key_ref and session_id are keys of the table. */
const COLUMNS = [...BYTE_COLUMNS, "account", "owners", "key_gen", "kek_version", "provider"] as const;
const RESTORED = [...COLUMNS, "v", "floor", "policy_id", "generation"] as const;
/** Every n-th byte of each column; a campaign takes each (ROW_FLIP_STEP=1). */
const STEP = Number(process.env.ROW_FLIP_STEP ?? 9);

describe("a vault whose database is written by somebody else", () => {
  let bed: VaultBed;
  let mine: SessionBed;
  let theirs: SessionBed;
  beforeAll(async () => {
    bed = await vaultBed();
    [mine, theirs] = [await SessionBed.armed(bed, NO_COUNT), await SessionBed.armed(bed, NO_COUNT)];
    await bed.db.query("CREATE TABLE public.true_row AS SELECT * FROM vault.session_key");
  }, 300_000);
  afterAll(() => bed.close());

  /** Puts my true row back; how far its stream has come stays, for refusals are events too. */
  const restore = async () => {
    const set = RESTORED.map((column) => `${column} = t.${column}`).join(", ");
    await bed.db.query(
      `UPDATE vault.session_key k SET ${set}, state = 'sealed'
       FROM public.true_row t WHERE t.key_ref = k.key_ref AND k.key_ref = $1`,
      [mine.key.keyRef],
    );
  };
  const attack = async (assignment: string, values: readonly unknown[] = []) => {
    await restore();
    await bed.db.query(`UPDATE vault.session_key k SET ${assignment} WHERE key_ref = $1`, [mine.key.keyRef, ...values]);
    const request: SignRequest = await mine.signRequest({ amount: 1n });
    return mine.sign(request).then(
      () => "signed",
      (error: { code?: string }) => error.code ?? "unknown",
    );
  };

  it("signs with no byte flipped in any encrypted or authenticated column", async () => {
    const outcomes = new Set<string>();
    for (const column of BYTE_COLUMNS) {
      const { rows } = await bed.db.query<{ n: number }>(`SELECT length(${column}) AS n FROM public.true_row WHERE key_ref = $1`, [
        mine.key.keyRef,
      ]);
      for (let i = 0; i < (rows[0]?.n ?? 0); i += STEP) {
        outcomes.add(await attack(`${column} = set_byte(${column}, ${i}, get_byte(${column}, ${i}) # 1)`));
      }
    }
    expect([...outcomes]).toEqual(["FENCED"]);
  }, 300_000);

  it("signs with no column of another user's row in mine, nor with all of them", async () => {
    for (const column of COLUMNS) {
      const { rows } = await bed.db.query<{ same: boolean }>(
        `SELECT count(DISTINCT ${column}) = 1 AS same FROM public.true_row WHERE key_ref = ANY ($1)`,
        [[mine.key.keyRef, theirs.key.keyRef]],
      );
      if (rows[0]?.same === true) continue;
      const planted = `${column} = (SELECT t.${column} FROM public.true_row t WHERE t.key_ref = $2)`;
      expect([column, await attack(planted, [theirs.key.keyRef])]).toEqual([column, "FENCED"]);
    }
  }, 300_000);

  it("signs with no truncated column, no other version and no other floor", async () => {
    for (const column of ["wrapped_dek", "encrypted_key", "dek_salt", "iv", "commitment"]) {
      expect(await attack(`${column} = substring(${column} for length(${column}) - 1)`)).toBe("FENCED");
      expect(await attack(`${column} = ''`)).not.toBe("signed");
    }
    expect(await attack("kek_version = 2")).not.toBe("signed");
    expect(await attack("key_gen = 2, generation = 2")).not.toBe("signed");
    expect(await attack("v = 2")).not.toBe("signed");
    expect(await attack(`floor = replace(floor, '"maxOps":0', '"maxOps":1')`)).toBe("FENCED");
  }, 300_000);

  it("signs with the true row", async () => {
    await restore();
    await expect(mine.sign(await mine.signRequest({ amount: 1n }))).resolves.toMatchObject({ replayed: false });
  });
});
