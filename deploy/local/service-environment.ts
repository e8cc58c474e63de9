import type { KeyMaterial } from "./key-material.js";
import type { DatabaseRole, ServiceDatabases } from "./service-databases.js";

/** The nine services, in the order they are started. */
export const SERVICES = ["policy", "vault", "permissions", "relay", "auth", "monitor", "audit", "gateway", "lifeline"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Ports of one service on loopback. */
export interface ServicePorts {
  readonly grpc: number;
  readonly health: number;
  /** Public HTTP of gateway and lifeline, and audit's for auditors. */
  readonly http: number;
}

export interface StackSettings {
  readonly keys: KeyMaterial;
  readonly databases: ServiceDatabases;
  readonly ports: Readonly<Record<ServiceName, ServicePorts>>;
  readonly deploymentFile: string;
  readonly rpcUrls: readonly string[];
  readonly eventLog:
    | { readonly kind: "postgres"; readonly url: ServiceDatabases }
    | { readonly kind: "kafka"; readonly brokers: readonly string[] };
  readonly logLevel: string;
  /** How fast services notice and forgive, and the operator's file; production's own times are too long for people who wait. */
  readonly degradation: Environment;
}

type Environment = Readonly<Record<string, string>>;

/** Who calls whom; the network allow-list of the chart says the same. */
export const PEERS: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  gateway: ["auth", "permissions", "policy", "relay", "monitor", "audit"],
  auth: [],
  permissions: ["policy", "vault"],
  policy: [],
  vault: [],
  relay: ["permissions", "vault"],
  monitor: ["permissions"],
  audit: [],
  lifeline: [],
};

const WITH_DATABASE: readonly ServiceName[] = ["auth", "permissions", "vault", "relay", "monitor", "audit"];

/** What one service is started with: its own keys, its own database role, the addresses of the peers it may call, nothing else. */
export function serviceEnvironment(name: ServiceName, settings: StackSettings): Environment {
  const ports = settings.ports[name];
  const http = { HTTP_LISTEN: `127.0.0.1:${ports.http}` };
  const process = { LOG_LEVEL: settings.logLevel, HEALTH_PORT: String(ports.health), HEALTH_HOST: "127.0.0.1", ...settings.degradation };
  const chain = { RPC_URLS: settings.rpcUrls.join(","), DEPLOYMENT_FILE: settings.deploymentFile };
  if (name === "lifeline") return { ...process, ...http, ...chain };
  const listening = name === "gateway" ? http : { GRPC_LISTEN: `127.0.0.1:${ports.grpc}` };
  const identity = { TRUST_FILE: settings.keys.trustFile, SERVICE_KEY_FILE: settings.keys.serviceKeyFile(name) };
  return {
    ...process,
    ...listening,
    ...identity,
    ...chain,
    ...storage(name, settings),
    ...peers(name, settings),
    ...ownSecrets(name, settings),
  };
}

function storage(name: ServiceName, { databases, eventLog }: StackSettings): Environment {
  if (!WITH_DATABASE.includes(name)) return {};
  const own = { DATABASE_URL: databases(name as DatabaseRole) };
  if (eventLog.kind === "kafka") return { ...own, EVENT_LOG: "kafka", KAFKA_BROKERS: eventLog.brokers.join(",") };
  return { ...own, EVENT_LOG: "postgres", EVENT_LOG_URL: eventLog.url(name as DatabaseRole) };
}

function peers(name: ServiceName, { ports }: StackSettings): Environment {
  const addresses = PEERS[name].map((peer) => [`${peer.toUpperCase()}_ADDRESS`, `127.0.0.1:${ports[peer].grpc}`]);
  return Object.fromEntries(addresses);
}

function ownSecrets(name: ServiceName, { keys, ports }: StackSettings): Environment {
  switch (name) {
    case "policy":
    case "permissions":
      return { TICKET_KEY_FILE: keys.ticketKeyFile(name) };
    case "vault":
      return { KEK_FILE: keys.kekFile };
    case "relay":
      return { RELAYER_KEY_FILE: keys.relayerKeyFile };
    case "auth": {
      const origin = `http://127.0.0.1:${ports.gateway.http}`;
      const privacy = { PII_KEY_FILE: keys.piiKeyFile, AUDIT_SALT_FILE: keys.auditSaltFile };
      return { TOKEN_KEY_FILE: keys.accessTokenKeyFile, ...privacy, LOGIN_ORIGINS: origin, PUBLIC_ORIGIN: origin };
    }
    case "audit": {
      const auditors = { AUDITORS_FILE: keys.auditorsFile, AUDIT_LISTEN: `127.0.0.1:${ports.audit.http}` };
      return { LOG_KEY_FILE: keys.logKeyFile, ...auditors };
    }
    case "gateway": {
      const others = SERVICES.filter((other) => other !== "gateway");
      return { STATUS_URLS: others.map((other) => `${other}=http://127.0.0.1:${ports[other].health}/status`).join(",") };
    }
    default:
      return {};
  }
}
