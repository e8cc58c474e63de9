import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalPostgres, startPostgres } from "../../../deploy/local/postgres.js";
import { removeTemporaryFolder, temporaryFolder } from "../../../deploy/local/temporary-folder.js";
import { baseBackup } from "./support/base-backup.js";
import { follow as followGuide } from "./support/guide.js";
import { type KubectlDouble, kubectlDouble } from "./support/kubectl-double.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { untilSigning, type VaultBed, vaultBed } from "./support/vault-bed.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };
const BUSY = 300_000;

describe("the guide's backup and restore, as it stands", () => {
  const folder = temporaryFolder("restore-guide");
  let postgres: LocalPostgres;
  let bed: VaultBed;
  let kubectl: KubectlDouble;
  /** Lets the stopped vault start again; resolves once it has. */
  let startVault: (() => Promise<unknown>) | undefined;
  let data = "";
  beforeAll(async () => {
    postgres = await startPostgres();
    bed = await vaultBed({ server: postgres.url() });
    data = await dataFolder(postgres);
    writeFileSync(join(folder, "operator.jwk"), JSON.stringify(bed.trust.operatorKey(0)));
    kubectl = await kubectlDouble({
      "exec postgres-0 -- pg_basebackup": () => baseBackup(postgres.url()),
      "get secret interlock-vault -o jsonpath={.data.kek\\.json}": async () => readFileSync(bed.files.kekFile).toString("base64"),
      "scale deployment/interlock-vault --replicas=0": () =>
        new Promise((stopped) => {
          const gate = Promise.withResolvers<void>();
          const started = bed.restart(() => {
            stopped("");
            return gate.promise;
          });
          startVault = () => {
            gate.resolve();
            return started;
          };
        }),
      "scale statefulset/postgres --replicas=0": () => postgres.kill().then(() => ""),
      "exec -i restore -- tar -x -C /var/lib/postgresql/data/pgdata": async (archive) => {
        rmSync(data, { recursive: true });
        const { status, stderr } = spawnSync("sh", ["-c", `mkdir -m 700 "$0" && tar -x -C "$0"`, data], { input: archive });
        if (status !== 0) throw new Error(String(stderr));
        return "";
      },
      "scale statefulset/postgres --replicas=1": () => postgres.start().then(() => ""),
      "scale deployment/interlock-vault --replicas=2": async () => {
        await startVault?.();
        return "";
      },
      "rollout status deployment/interlock-vault": () => judged().then(() => "successfully rolled out\n"),
      "get --raw /api/v1/namespaces/interlock/services/interlock-vault:health/proxy/status": () => status(),
    });
  }, BUSY);
  afterAll(async () => {
    kubectl?.close();
    await bed?.close();
    await postgres?.stop();
    removeTemporaryFolder(folder);
  });

  const status = async () => (await fetch(`http://127.0.0.1:${bed.service.healthPort}/status`)).text();
  /** Once the core answers and the database was compared with the log, and found whole or older. */
  const judged = () =>
    until(async () => {
      const { capabilities } = bed.service.runtime;
      const compared = capabilities.isAvailable("vault.sign") || bed.logs().includes("older than the published log");
      return compared && capabilities.isAvailable("signer") ? true : undefined;
    }, BUSY);
  const follow = (name: string) => followGuide(name, { folder, port: bed.service.port, kubectl: kubectl.url });
  const disarm = ({ key }: SessionBed) =>
    bed.permissions.disarm({ keyRef: key.keyRef, reason: "", ownerSignature: "", deadline: "0", policyId: "" });

  it(
    "brings back the newest database: what was armed signs, what was disarmed stays dead",
    async () => {
      const [alive, dead] = [await SessionBed.armed(bed, NO_COUNT), await SessionBed.armed(bed, NO_COUNT)];
      await disarm(dead);
      await published(bed);
      await follow("backup");
      expect(JSON.parse(readFileSync(join(folder, "kek.json"), "utf8"))).toEqual(JSON.parse(readFileSync(bed.files.kekFile, "utf8")));
      const { versions } = JSON.parse(readFileSync(join(folder, "versions.json"), "utf8"));
      expect(versions).toEqual([{ version: 1, state: "active", rows: 1 }]);
      const said = await follow("restore");
      expect(said).toContain("version 1  active        1 keys");
      await untilSigning(bed.service);
      await until(() => alive.signRequest().then((request) => alive.sign(request).catch(() => undefined)), BUSY);
      await expect(dead.sign(await dead.signRequest())).rejects.toMatchObject({ code: "FENCED" });
    },
    BUSY,
  );

  it(
    "says so of one from before a DISARM, and nothing is signed with it",
    async () => {
      const [alive, dead] = [await SessionBed.armed(bed, NO_COUNT), await SessionBed.armed(bed, NO_COUNT)];
      await published(bed);
      await follow("backup");
      await disarm(dead);
      await published(bed);
      expect(await follow("restore")).toMatch(/"name":"generations","up":false/);
      await until(
        async () => ((await bed.permissions.describeKey({ keyRef: dead.key.keyRef })).state === "quarantined" ? true : undefined),
        BUSY,
      );
      for (const session of [alive, dead])
        await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "CONDITION" });
      await expect(disarm(dead)).resolves.toMatchObject({ status: "done" });
    },
    BUSY,
  );
});

async function dataFolder(server: LocalPostgres): Promise<string> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    return String((await client.query("SHOW data_directory")).rows[0]?.data_directory);
  } finally {
    await client.end();
  }
}

/** Resolves once everything that was appended is on the log. */
async function published({ db }: VaultBed): Promise<void> {
  await until(async () => {
    const { rows } = await db.query<{ done: boolean }>(
      "SELECT position = published AND position >= (SELECT count(*) FROM vault.event) AS done FROM vault.log_head",
    );
    return rows[0]?.done ? true : undefined;
  }, BUSY);
}
