import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

describe("a vault whose database was restored from before a DISARM", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  });
  afterAll(() => bed.close());

  it("signs nothing with any key, its event stream restored or not, and still disarms", async () => {
    const [stopped, other] = [await SessionBed.armed(bed, NO_COUNT), await SessionBed.armed(bed, NO_COUNT)];
    await stopped.sign(await stopped.signRequest());
    await published(bed);
    const restore = await backup(bed);
    await bed.permissions.disarm({ keyRef: stopped.key.keyRef, reason: "", ownerSignature: "", deadline: "0", policyId: "" });
    await published(bed);
    const restored = await bed.restart(restore);
    await until(async () => (bed.logs().includes("older than the published log") ? true : undefined));
    expect(restored.runtime.capabilities.isAvailable("vault.sign")).toBe(false);
    for (const session of [stopped, other]) {
      await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "CONDITION" });
    }
    await expect(bed.permissions.describeKey({ keyRef: stopped.key.keyRef })).resolves.toMatchObject({ state: "quarantined" });
    await expect(
      bed.permissions.disarm({ keyRef: stopped.key.keyRef, reason: "", ownerSignature: "", deadline: "0", policyId: "" }),
    ).resolves.toMatchObject({ status: "done" });
  });
});

describe("a vault that was started on an older database by mistake", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  });
  afterAll(() => bed.close());

  it("goes on once the newest is put back, although the log tells of that start too", async () => {
    const session = await SessionBed.armed(bed, NO_COUNT);
    await published(bed);
    const older = await backup(bed, "older");
    await session.sign(await session.signRequest());
    await published(bed);
    const newest = await backup(bed, "newest");
    await bed.restart(older);
    await until(async () => (bed.logs().includes("older than the published log") ? true : undefined));
    await published(bed);
    const { runtime } = await bed.restart(newest);
    await until(async () => (runtime.capabilities.isAvailable("vault.sign") ? true : undefined));
    await session.sign(await session.signRequest());
  });
});

/** Copies the whole schema of the vault, event stream and outbox included, into `dump`; gives what puts it back. */
async function backup({ db }: VaultBed, dump = "dump"): Promise<() => Promise<void>> {
  const { rows } = await db.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'vault'");
  const tables = rows.map(({ name }) => name);
  await db.query(`CREATE SCHEMA ${dump}; ${tables.map((name) => `CREATE TABLE ${dump}.${name} AS TABLE vault.${name}`).join(";")}`);
  return async () => {
    const refill = tables.map((name) => `INSERT INTO vault.${name} SELECT * FROM ${dump}.${name}`).join(";");
    // As pg_restore does it: without triggers and foreign keys.
    await db.query(
      `BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE ${tables.map((name) => `vault.${name}`).join(",")}; ${refill}; COMMIT`,
    );
  };
}

/** Resolves once everything that was appended is on the log. */
async function published({ db }: VaultBed): Promise<void> {
  await until(async () => {
    const { rows } = await db.query<{ done: boolean }>(
      "SELECT position = published AND position >= (SELECT count(*) FROM vault.event) AS done FROM vault.log_head",
    );
    return rows[0]?.done ? true : undefined;
  });
}
