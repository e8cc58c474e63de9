import { join } from "node:path";
import { erc20Abi } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { removeTemporaryFolder, temporaryFolder } from "../../deploy/local/temporary-folder.js";
import type { Cluster } from "../support/cluster/cluster.js";
import { restoreDatabase, stopWriters, takeBackup } from "../support/cluster/database-backup.js";
import { type Access, access, type Installation } from "../support/cluster/installation.js";
import { LadderBed } from "../support/cluster/ladder/ladder-bed.js";
import { reasonsOf, transfer, use } from "../support/e2e/execution.js";
import { USDC } from "../support/e2e/safe.js";
import { until } from "../support/e2e/until.js";

const PRODUCERS = ["permissions", "vault", "relay", "auth", "monitor", "audit"];

/** The database of every stateful service (permissions, vault, relay, auth, monitor, audit) lost and put back, as docs/deploy/backup.md has it. */
export function backupRestore(installation: () => Installation): void {
  let folder: string;
  const backupInto = (name: string) => takeBackup(installation().cluster, join(folder, name));
  beforeAll(() => {
    folder = temporaryFolder("backup");
  });
  afterAll(() => removeTemporaryFolder(folder));

  it("goes on from the newest backup: nothing is paid twice, a disarmed key stays dead, no log has a gap", async () => {
    const { cluster } = installation();
    const way = await access(installation());
    try {
      const { bed, balance, pay } = await open(way, cluster);
      const disarmed = bed.takeDraft();
      const before = await balance();
      expect((await pay()).state).toMatch(/MINED|CONFIRMED/);
      await bed.owner.must("POST", "/v1/session_keys/revoke", { body: { sessionId: disarmed, reason: "before the backup" } });

      const start = await stopWriters(cluster);
      await restoreDatabase(cluster, await backupInto("newest.tar"));
      await start();
      await bed.says(new Set());

      expect(await balance()).toBe(before + USDC);
      expect((await taken(pay)).state).toMatch(/MINED|CONFIRMED/);
      expect(await balance()).toBe(before + 2n * USDC);
      const late = await use(bed.owner, disarmed, transfer(way.world.token, bed.payee, USDC));
      expect(reasonsOf(late)).toContain("DISARMED");
      for (const schema of PRODUCERS) expect([schema, await gaps(cluster, schema)]).toEqual([schema, "0"]);
      expect(await vaultEvents(cluster, disarmed)).toMatch(/shredded|destroyed|disarmed/i);
    } finally {
      way.close();
    }
  });

  it("finds out that a backup is older than the published log, and signs nothing from it", async () => {
    const { cluster } = installation();
    const way = await access(installation());
    try {
      const { bed, balance, pay } = await open(way, cluster);
      const backup = await backupInto("older.tar");
      // What the backup does not know: a payment, and a DISARM.
      expect((await pay()).state).toMatch(/MINED|CONFIRMED/);
      await bed.owner.must("POST", "/v1/session_keys/revoke", { body: { sessionId: bed.takeDraft(), reason: "after the backup" } });
      const before = await balance();
      const newest = await stopWriters(cluster).then(async (start) => {
        const complete = await backupInto("complete.tar");
        await restoreDatabase(cluster, backup);
        await start();
        return complete;
      });
      await until("the vault says that its database is too old", async () => {
        const vault = (await bed.services()).find(({ name }) => name === "vault");
        return vault?.capabilities.some(({ name, available }) => name === "vault.sign" && !available) ? true : undefined;
      });
      const refused = await pay().then(
        (end) => [end.state, ...reasonsOf(end)].join(" "),
        (error: unknown) => String(error),
      );
      expect(refused).not.toMatch(/MINED|CONFIRMED/);
      expect(await balance()).toBe(before);

      const start = await stopWriters(cluster);
      await restoreDatabase(cluster, newest);
      await start();
      await bed.says(new Set());
      expect((await taken(pay)).state).toMatch(/MINED|CONFIRMED/);
      expect(await balance()).toBe(before + USDC);
    } finally {
      way.close();
    }
  });
}

async function open(way: Access, cluster: Cluster) {
  const bed = await LadderBed.open(way, cluster, 1);
  const { client, token } = way.world;
  return {
    bed,
    balance: () => client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [bed.payee] }),
    pay: () => use(bed.owner, bed.sessionId, transfer(token, bed.payee, USDC)),
  };
}

/** A service that was away is asked again by its callers after some seconds; until then they refuse, and nothing was taken on. */
const taken = <T>(pay: () => Promise<T>) => until("a payment is taken on", pay, 60_000);

/** Positions missing among a producer's published ones. */
const gaps = (cluster: Cluster, schema: string) =>
  cluster.sql("interlock", `SELECT coalesce(max(position), 0) - count(*) FROM ${schema}.log_entry`);

const vaultEvents = (cluster: Cluster, sessionId: string) =>
  cluster.sql(
    "interlock",
    `SELECT string_agg(type, ' ') FROM vault.event WHERE data::text LIKE '%${sessionId}%' OR stream LIKE '%${sessionId}%'`,
  );
