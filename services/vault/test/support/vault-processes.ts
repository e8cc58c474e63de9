import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "#platform/database/migrate.js";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { eventLogMigrations } from "#platform/event-log/postgres/migrations.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { parseTicketKey } from "#platform/tickets/ticket-key.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import type { VaultAdminServiceClient } from "#proto/interlock/vault/v1/vault_admin.js";
import { freePort } from "../../../../deploy/local/free-port.js";
import { startService } from "../../../../deploy/local/service-process.js";
import { createTestDatabase } from "../../../../test/support/test-database.js";
import { testTrust } from "../../../../test/support/test-trust.js";
import { migrations, VAULT_SCHEMA } from "../../src/migrations.js";
import { adminClient } from "./admin-client.js";
import { coreFiles, type TestCoreFiles } from "./core-files.js";
import type { SigningBed } from "./session-bed.js";
import { until } from "./until.js";
import { vaultClient } from "./vault-client.js";

/** One replica: shell and core as processes of their own, at an address that outlives them. */
export interface VaultReplica {
  readonly permissions: GrpcClient<VaultServiceClient>;
  readonly relay: GrpcClient<VaultServiceClient>;
  readonly admin: GrpcClient<VaultAdminServiceClient>;
  /** Starts it and waits until it may sign. */
  start(): Promise<void>;
  /** Starts it and waits for nothing. */
  launch(): void;
  /** Resolves once it may sign and its clients have found it. */
  ready(): Promise<void>;
  /** What its /status says. */
  status(): Promise<string>;
  /** SIGKILL of the shell; its core ends with it. */
  kill(): Promise<void>;
  corePid(): number;
  shellPid(): number;
}

/** Replicas of one vault on one database. */
export interface VaultProcesses {
  readonly db: pg.Pool;
  readonly kekFile: string;
  readonly tickets: SigningBed["tickets"];
  readonly replicas: readonly VaultReplica[];
  /** Everything the processes wrote. */
  logs(): Buffer;
  /** What a session needs, by way of one replica. */
  via(replica: VaultReplica | undefined): SigningBed;
  close(): Promise<void>;
}

/** Longest start on a machine that is busy with other things. */
const START_MS = 300_000;

export interface VaultProcessOptions {
  /** More variables for the shells; an empty one takes away what stands there. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What starts the shells, such as `setpriv` with another user. */
  readonly through?: readonly string[];
  /** Called with the files before anything is started. */
  readonly prepare?: (files: TestCoreFiles & { readonly serviceKeyFile: string }) => void;
  /** Start nothing yet. */
  readonly still?: boolean;
}

/** Starts `count` compiled vaults on a database of their own. */
export async function vaultProcesses(count: number, options: VaultProcessOptions = {}): Promise<VaultProcesses> {
  const database = await createTestDatabase();
  await migrate({ url: database.url, schema: VAULT_SCHEMA, migrations });
  await migrate({ url: database.url, schema: "eventlog", migrations: eventLogMigrations() });
  const trust = await testTrust();
  const files = coreFiles(trust);
  const folder = mkdtempSync(join(tmpdir(), "vault-replicas-"));
  const keyFile = join(folder, "service-key.json");
  writeFileSync(keyFile, JSON.stringify(trust.serviceKey("vault")), { mode: 0o600 });
  options.prepare?.({ ...files, serviceKeyFile: keyFile });
  const db = new pg.Pool({ connectionString: database.url, max: 4 });
  // Dropping the database ends connections that are still closing.
  db.on("error", () => undefined);
  db.on("error", () => {});
  const tickets = {
    policy: parseTicketKey(JSON.stringify(trust.ticketKey("policy"))),
    permissions: parseTicketKey(JSON.stringify(trust.ticketKey("permissions"))),
  };
  const replicas = await Promise.all(
    Array.from({ length: count }, async () => {
      const [port, health] = [await freePort(), await freePort()];
      const environment = {
        TRUST_FILE: files.trustFile,
        SERVICE_KEY_FILE: keyFile,
        LOG_LEVEL: "warn",
        DATABASE_URL: database.url,
        EVENT_LOG: "postgres",
        EVENT_LOG_URL: database.url,
        GRPC_LISTEN: `127.0.0.1:${port}`,
        HEALTH_PORT: String(health),
        HEALTH_HOST: "127.0.0.1",
        KEK_FILE: files.kekFile,
        DEPLOYMENT_FILE: files.deploymentFile,
        ...options.environment,
      };
      let running: ReturnType<typeof startService> | undefined;
      const clients = [
        vaultClient("permissions", trust, port),
        vaultClient("relay", trust, port),
        adminClient("operator", trust, port),
      ] as const;
      const [permissions, relay, admin] = clients;
      const launch = () => {
        running = startService({ name: "vault", logFolder: folder, environment, through: options.through ?? [] });
      };
      const ready = async () => {
        await until(() => maySign(health), START_MS);
        // A client that lost its server tries again after a while of its own.
        const nobody = { keyRef: "" };
        for (const call of [() => permissions.describeKey(nobody), () => relay.describeKey(nobody), () => admin.kekStatus({})]) {
          await until(() => answered(call()));
        }
      };
      return {
        permissions,
        relay,
        admin,
        async start() {
          launch();
          await ready();
        },
        launch,
        ready,
        status: () => statusOf(health),
        kill: async () => running?.kill(),
        corePid: () => childOf(running?.pid ?? 0),
        shellPid: () => running?.pid ?? 0,
        async close() {
          for (const client of clients) client.close();
          await running?.stop();
        },
      };
    }),
  );
  if (options.still !== true) await Promise.all(replicas.map((replica) => replica.start()));
  const first = replicas[0];
  return {
    db,
    kekFile: files.kekFile,
    tickets,
    replicas,
    logs: () =>
      Buffer.concat(
        readdirSync(folder)
          .filter((name) => name.endsWith(".log"))
          .map((name) => readFileSync(join(folder, name))),
      ),
    via: (replica = first) => {
      if (replica === undefined) throw new Error("there is no replica");
      return { permissions: replica.permissions, relay: replica.relay, tickets };
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()));
      await db.end();
      await database.drop();
      files.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** True once the server answers at all, be it with a refusal. */
async function answered(call: Promise<unknown>): Promise<true | undefined> {
  const code = await call.then(() => undefined).catch((error: unknown) => findInterlockError(error)?.code);
  return code === "DEPENDENCY_UNAVAILABLE" ? undefined : true;
}

async function maySign(health: number): Promise<true | undefined> {
  return (await statusOf(health)).includes('"name":"vault.sign","available":true') ? true : undefined;
}

/** Text of /status; empty while nobody answers. */
async function statusOf(health: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${health}/status`).catch(() => undefined);
  return (await answer?.text()) ?? "";
}

/** The only child of `parent`. Linux. */
function childOf(parent: number): number {
  const [child] = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  if (child === undefined || child === "") throw new Error("signer-core is not running");
  return Number(child);
}
