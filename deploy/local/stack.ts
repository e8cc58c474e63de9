import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LocalChain, startChain } from "./anvil.js";
import { makeEventLog } from "./event-log-access.js";
import { freePort } from "./free-port.js";
import { type LocalKafka, startKafka } from "./kafka.js";
import { type KeyMaterial, makeKeyMaterial } from "./key-material.js";
import { type LocalPostgres, startPostgres } from "./postgres.js";
import { makeServiceDatabases, type ServiceDatabases } from "./service-databases.js";
import { SERVICES, type ServiceName, type ServicePorts, type StackSettings, serviceEnvironment } from "./service-environment.js";
import { migrateService, type ServiceProcess, startService } from "./service-process.js";
import { stoppedOnSignal } from "./stopped-on-signal.js";
import { removeTemporaryFolder, temporaryFolder } from "./temporary-folder.js";
import { waitUntilListening } from "./wait-until-listening.js";
import { buildWorld, fund, type World, writeDeploymentFile } from "./world.js";

/** What services depend on beside each other. */
export type Dependency = "database" | "eventLog" | "chain";

export interface StackOptions {
  readonly eventLog?: "postgres" | "kafka";
  /** Where Postgres and, for that event log, Kafka come from instead of this machine, as in `startPostgresContainer`. */
  readonly servers?: { readonly postgres: () => Promise<LocalPostgres>; readonly kafka: () => Promise<LocalKafka> };
  /** Seconds between blocks of the chain; 1 by default. */
  readonly blockTime?: number;
  readonly logLevel?: string;
  /** Blocks on top of a transaction before it counts as confirmed; 1 by default. */
  readonly confirmations?: number;
  /**
   * Puts something between the services and what they depend on: gets the real URL, gives the one they are started with.
   * Migrations go the same way.
   */
  readonly through?: (dependency: Dependency, url: string) => Promise<string>;
  /** More environment for a service, for tests. */
  readonly extra?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
  /** Told what is being done, for people who wait. */
  readonly progress?: (text: string) => void;
}

/** The whole of Interlock on this machine: nine processes around a real Postgres and a real chain node. */
export interface Stack {
  readonly gatewayUrl: string;
  readonly lifelineUrl: string;
  readonly chain: LocalChain;
  readonly postgres: LocalPostgres;
  readonly kafka: LocalKafka | undefined;
  readonly databases: ServiceDatabases;
  readonly keys: KeyMaterial;
  readonly world: World;
  readonly settings: StackSettings;
  /** Folder of this run: keys, logs. Gone after `stop`. */
  readonly folder: string;
  readonly logFolder: string;
  /** The operator's floor of every service: absent until somebody writes it, read again as it changes. */
  readonly floorFile: string;
  /** Copies the services' logs to a folder that stays. */
  keepLogs(folder: string): void;
  process(name: ServiceName): ServiceProcess;
  /** Starts a service again after it was stopped or killed, or a second replica under another name. */
  restart(name: ServiceName, extra?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

const NEEDS_MIGRATION: readonly ServiceName[] = ["auth", "permissions", "vault", "relay", "monitor", "audit"];

/** Starts everything and waits until each service listens. What was started is stopped again when something fails. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const progress = options.progress ?? (() => {});
  const folder = temporaryFolder("stack");
  const undo: (() => Promise<void> | void)[] = [() => removeTemporaryFolder(folder)];
  const stop = stoppedOnSignal(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  try {
    return await build(options, progress, folder, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  options: StackOptions,
  progress: (text: string) => void,
  folder: string,
  undo: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  progress("Postgres and the chain node start");
  const kept = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    undo.push(() => started.stop());
    return started;
  };
  const [postgres, chain, kafka] = await Promise.all([
    kept((options.servers?.postgres ?? startPostgres)()),
    kept(startChain()),
    options.eventLog === "kafka" ? kept((options.servers?.kafka ?? startKafka)()) : undefined,
  ]);

  progress("the Safe and Interlock's contracts are deployed, databases made");
  const keys = makeKeyMaterial(join(folder, "keys"));
  const [world, databases] = await Promise.all([buildWorld(chain.url), makeServiceDatabases(postgres)]);
  const deploymentFile = join(folder, "deployment.json");
  writeDeploymentFile(deploymentFile, world, options.confirmations ?? 1);
  await fund(world, keys.relayerAddress, "100");
  await chain.mineEvery(options.blockTime ?? 1);

  const logFolder = join(folder, "logs");
  mkdirSync(logFolder);
  const through = options.through ?? (async (_dependency: Dependency, url: string) => url);
  const [databaseHost, eventLogHost, rpcUrl] = await Promise.all([
    through("database", postgres.url()),
    through("eventLog", postgres.url()),
    through("chain", chain.url),
  ]);
  const floorFile = join(folder, "floor.json");
  const settings: StackSettings = {
    keys,
    databases: (role) => atHost(databases(role), databaseHost),
    ports: await choosePorts(),
    deploymentFile,
    rpcUrls: [rpcUrl],
    eventLog:
      kafka === undefined
        ? { kind: "postgres", url: (role) => atHost(databases(role), eventLogHost) }
        : { kind: "kafka", brokers: kafka.brokers },
    logLevel: options.logLevel ?? "info",
    degradation: {
      DEGRADATION_CLEAR_MS: "500",
      DEGRADATION_DWELL_MS: "500",
      DEGRADATION_FLOOR_POLL_MS: "50",
      DEGRADATION_FLOOR_FILE: floorFile,
    },
  };
  // A killed service cannot tidy up: what it leaves goes with the folder.
  const spool: Readonly<Record<string, string>> = { SPOOL_DIR: join(folder, "spool") };
  const environmentOf = (name: ServiceName) => ({
    ...serviceEnvironment(name, settings),
    TMPDIR: folder,
    ...(name === "permissions" ? spool : {}),
  });
  progress("tables are made");
  await Promise.all([makeEventLog(databases("eventlog")), ...NEEDS_MIGRATION.map((name) => migrateService(name, environmentOf(name)))]);

  progress("nine services start");
  const processes = new Map<ServiceName, ServiceProcess>();
  undo.push(async () => {
    await Promise.all([...processes.values()].map((one) => one.stop()));
  });
  const launch = async (name: ServiceName, extra: Readonly<Record<string, string>> = {}) => {
    const given = { ...options.extra?.[name], ...extra };
    const started = startService({ name, environment: environmentOf(name), logFolder, extra: given });
    processes.set(name, started);
    await waitUntilListening(started, settings.ports[name].health, name === "lifeline" ? settings.ports[name].http : undefined);
    return started;
  };
  await Promise.all(SERVICES.map((name) => launch(name)));

  const process = (name: ServiceName) => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`${name} was never started`);
    return found;
  };
  const http = (name: ServiceName) => `http://127.0.0.1:${settings.ports[name].http}`;
  return {
    gatewayUrl: http("gateway"),
    lifelineUrl: http("lifeline"),
    chain,
    postgres,
    kafka,
    databases,
    keys,
    world,
    settings,
    folder,
    logFolder,
    floorFile,
    keepLogs: (to) => cpSync(logFolder, to, { recursive: true }),
    process,
    restart: launch,
    stop,
  };
}

/** `url` with the host and port of `other`. */
function atHost(url: string, other: string): string {
  const moved = new URL(url);
  moved.host = new URL(other).host;
  return moved.toString();
}

async function choosePorts(): Promise<Readonly<Record<ServiceName, ServicePorts>>> {
  const one = async (): Promise<ServicePorts> => {
    const [grpc, health, http] = await Promise.all([freePort(), freePort(), freePort()]);
    return { grpc, health, http };
  };
  const [policy, vault, permissions, relay, auth, monitor, audit, gateway, lifeline] = await Promise.all([
    one(),
    one(),
    one(),
    one(),
    one(),
    one(),
    one(),
    one(),
    one(),
  ]);
  return { policy, vault, permissions, relay, auth, monitor, audit, gateway, lifeline };
}
