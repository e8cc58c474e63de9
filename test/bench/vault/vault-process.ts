import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../../deploy/local/free-port.js";
import { startPostgres } from "../../../deploy/local/postgres.js";
import { startService } from "../../../deploy/local/service-process.js";
import { waitUntilListening } from "../../../deploy/local/wait-until-listening.js";
import type { VaultAdminServiceClient } from "../../../services/platform/gen/interlock/vault/v1/vault_admin.js";
import { migrate } from "../../../services/platform/src/database/migrate.js";
import { eventLogMigrations } from "../../../services/platform/src/event-log/postgres/migrations.js";
import type { GrpcClient } from "../../../services/platform/src/grpc/promise-client.js";
import { parseTicketKey } from "../../../services/platform/src/tickets/ticket-key.js";
import { migrations, VAULT_SCHEMA } from "../../../services/vault/src/migrations.js";
import { adminClient } from "../../../services/vault/test/support/admin-client.js";
import { coreFiles } from "../../../services/vault/test/support/core-files.js";
import type { SigningBed } from "../../../services/vault/test/support/session-bed.js";
import { until } from "../../../services/vault/test/support/until.js";
import { vaultClient } from "../../../services/vault/test/support/vault-client.js";
import { testTrust } from "../../support/test-trust.js";
import { childOf } from "./process-cpu.js";

/** A vault as it is deployed, shell and core as processes of their own, on a Postgres that keeps what it acknowledged. */
export interface VaultProcess extends SigningBed {
  readonly admin: GrpcClient<VaultAdminServiceClient>;
  readonly db: pg.Pool;
  readonly shellPid: number;
  corePid(): number;
  /** Another process with the same keys, for the echo. */
  readonly environment: Readonly<Record<string, string>>;
  readonly relayOf: (port: number) => SigningBed["relay"];
  readonly kekFile: string;
  stop(): Promise<void>;
}

/** @throws RangeError when Postgres does not keep what it has acknowledged: such figures would say nothing */
export async function vaultProcess(): Promise<VaultProcess> {
  const server = await startPostgres();
  const url = server.url();
  await migrate({ url, schema: VAULT_SCHEMA, migrations });
  await migrate({ url, schema: "eventlog", migrations: eventLogMigrations() });
  const db = new pg.Pool({ connectionString: url, max: 2 });
  await assertDurable(db);
  const trust = await testTrust();
  const files = coreFiles(trust);
  const folder = mkdtempSync(join(tmpdir(), "vault-bench-"));
  const keyFile = join(folder, "service-key.json");
  writeFileSync(keyFile, JSON.stringify(trust.serviceKey("vault")), { mode: 0o600 });
  const [port, health] = [await freePort(), await freePort()];
  const identity = { TRUST_FILE: files.trustFile, SERVICE_KEY_FILE: keyFile, LOG_LEVEL: "warn" };
  const storage = { DATABASE_URL: url, EVENT_LOG: "postgres", EVENT_LOG_URL: url };
  const shell = startService({
    name: "vault",
    logFolder: folder,
    environment: {
      ...identity,
      ...storage,
      GRPC_LISTEN: `127.0.0.1:${port}`,
      HEALTH_PORT: String(health),
      HEALTH_HOST: "127.0.0.1",
      KEK_FILE: files.kekFile,
      DEPLOYMENT_FILE: files.deploymentFile,
    },
  });
  await waitUntilListening(shell, health);
  const admin = adminClient("operator", trust, port);
  await until(() => admin.kekStatus({}).catch(() => undefined));
  await until(async () => {
    const status = await (await fetch(`http://127.0.0.1:${health}/status`)).json();
    return JSON.stringify(status).includes('"name":"vault.sign","available":true') ? true : undefined;
  });
  const [permissions, relay] = [vaultClient("permissions", trust, port), vaultClient("relay", trust, port)];
  return {
    admin,
    db,
    permissions,
    relay,
    tickets: {
      policy: parseTicketKey(JSON.stringify(trust.ticketKey("policy"))),
      permissions: parseTicketKey(JSON.stringify(trust.ticketKey("permissions"))),
    },
    shellPid: shell.pid,
    corePid: () => childOf(shell.pid, files.kekFile),
    environment: { TRUST: trust.text, SERVICE_KEY: JSON.stringify(trust.serviceKey("vault")), LOG_LEVEL: "warn" },
    relayOf: (other) => vaultClient("relay", trust, other),
    kekFile: files.kekFile,
    async stop() {
      for (const client of [admin, permissions, relay]) client.close();
      await shell.stop();
      await db.end();
      await server.stop();
      files.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function assertDurable(pool: pg.Pool): Promise<void> {
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"]) {
    const { rows } = await pool.query<{ value: string }>("SELECT current_setting($1) AS value", [setting]);
    if (rows[0]?.value !== "on") throw new RangeError(`${setting} must be on, and is ${rows[0]?.value}`);
  }
}
