import "reflect-metadata";
import { execFileSync } from "node:child_process";
import { Writable } from "node:stream";
import pg from "pg";
import { migrate } from "#platform/database/migrate.js";
import { eventLogMigrations } from "#platform/event-log/postgres/migrations.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { createLogger } from "#platform/logging/logger.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { parseTicketKey, type TicketKey } from "#platform/tickets/ticket-key.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { createTestDatabase } from "../../../../test/support/test-database.js";
import { type TestTrust, testTrust } from "../../../../test/support/test-trust.js";
import { migrations, VAULT_SCHEMA } from "../../src/migrations.js";
import { service } from "../../src/service.js";
import { compiledCore, coreFiles, type TestCoreFiles } from "./core-files.js";
import { vaultClient } from "./vault-client.js";

/** A real vault: gRPC shell, Postgres and a signer-core process, with the clients and keys of its neighbours. */
export interface VaultBed {
  readonly trust: TestTrust;
  readonly files: TestCoreFiles;
  readonly service: RunningService;
  readonly db: pg.Pool;
  readonly permissions: GrpcClient<VaultServiceClient>;
  readonly relay: GrpcClient<VaultServiceClient>;
  readonly tickets: { readonly policy: TicketKey; readonly permissions: TicketKey };
  /** Stops the shell and its core, does `between`, and starts them again at the same address. */
  restart(between: () => Promise<void>): Promise<RunningService>;
  /** Everything the shell logged. */
  logs(): string;
  client(caller: ServiceName): GrpcClient<VaultServiceClient>;
  /** Process id of the running signer-core. */
  corePid(): number;
  close(): Promise<void>;
}

export interface VaultBedOptions {
  /** Configuration of another KEK provider than a mounted ring. */
  readonly provider?: object;
  /** Do not wait until it may sign: it has to be opened first. */
  readonly sealed?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Superuser's URL of a server of its own for its database; the event log stays on the run's. */
  readonly server?: string;
}

/** Starts a vault on a database of its own and waits until it may sign. */
export async function vaultBed({ provider, sealed = false, environment: extra = {}, server }: VaultBedOptions = {}): Promise<VaultBed> {
  const database = await createTestDatabase(server);
  const log = server === undefined ? database : await createTestDatabase();
  await migrate({ url: database.url, schema: VAULT_SCHEMA, migrations });
  await migrate({ url: log.url, schema: "eventlog", migrations: eventLogMigrations() });
  const trust = await testTrust();
  const files = coreFiles(trust, provider);
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
  const { TRUST: _text, ...environment } = trust.environment("vault");
  let listen = "127.0.0.1:0";
  const start = () =>
    startService(service, {
      logger: createLogger({ service: "vault", level: "debug", destination: sink }),
      env: {
        ...environment,
        DATABASE_URL: database.url,
        EVENT_LOG_URL: log.url,
        TRUST_FILE: files.trustFile,
        KEK_FILE: files.kekFile,
        DEPLOYMENT_FILE: files.deploymentFile,
        SIGNER_CORE_ENTRY: compiledCore(),
        ...extra,
        GRPC_LISTEN: listen,
      },
    });
  let running = await start();
  listen = `127.0.0.1:${running.port}`;
  const db = new pg.Pool({ connectionString: database.url, max: 4 });
  // Dropping the database ends connections that are still closing.
  db.on("error", () => undefined);
  // The database is dropped at the end, under whatever still says goodbye to it.
  db.on("error", () => {});
  const clients = new Map<ServiceName, GrpcClient<VaultServiceClient>>();
  const client = (caller: ServiceName) => {
    const made = clients.get(caller) ?? vaultClient(caller, trust, running.port);
    clients.set(caller, made);
    return made;
  };
  if (!sealed) await untilSigning(running);
  return {
    trust,
    files,
    get service() {
      return running;
    },
    async restart(between) {
      await running.stop();
      await between();
      running = await start();
      return running;
    },
    db,
    permissions: client("permissions"),
    relay: client("relay"),
    tickets: {
      policy: parseTicketKey(JSON.stringify(trust.ticketKey("policy"))),
      permissions: parseTicketKey(JSON.stringify(trust.ticketKey("permissions"))),
    },
    logs: () => lines.join(""),
    client,
    corePid: () => childOf(process.pid, files.kekFile),
    async close() {
      for (const one of clients.values()) one.close();
      await running.stop();
      await db.end();
      await database.drop();
      if (log !== database) await log.drop();
      files.remove();
    },
  };
}

/** The child of `parent` whose command line names `text`. */
function childOf(parent: number, text: string): number {
  const line = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(parent), "-ww"], { encoding: "utf8" })
    .split("\n")
    .find((one) => one.includes(text));
  if (line === undefined) throw new Error("signer-core is not running");
  return Number(line.trim().split(" ", 1)[0]);
}

/** Resolves once the vault says that it can sign. */
export async function untilSigning({ runtime }: RunningService): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!runtime.capabilities.isAvailable("vault.sign")) return;
      stop();
      resolve();
    };
    const stop = runtime.capabilities.onChange(look);
    look();
  });
}
