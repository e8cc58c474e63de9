import { randomBytes } from "node:crypto";
import { type Keys, makeKeys } from "../keys/make-keys.js";
import { DATABASE, type DatabaseRole } from "../local/service-databases.js";

export interface SecretOptions {
  /** Prefix of all names: the chart's full name, by default the release's. */
  readonly prefix: string;
  readonly namespace: string;
  /** `host:port` under which pods reach Postgres. */
  readonly databaseHost: string;
  /** `?sslmode=...` or nothing. */
  readonly databaseParameters?: string;
  /** Private key of the relayer in place of a random one. */
  readonly relayerKey?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Secret as the API server takes it. */
export interface SecretManifest {
  readonly apiVersion: "v1";
  readonly kind: "Secret";
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly type: "Opaque";
  readonly stringData: Readonly<Record<string, string>>;
}

/** Files of each service's Secret, as the chart mounts them. */
type Files = Readonly<Record<string, string>>;

const WITH_DATABASE = ["auth", "permissions", "vault", "relay", "monitor", "audit"] as const satisfies readonly DatabaseRole[];

/** One Secret per service with that service's own credentials, one with the public trust file, one for the owner of the event log. */
export function secretManifests(options: SecretOptions, keys: Keys = makeKeys()): readonly SecretManifest[] {
  const { prefix, namespace, labels = {} } = options;
  const named = (name: string, stringData: Files): SecretManifest => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${prefix}-${name}`, namespace, labels },
    type: "Opaque",
    stringData,
  });
  const services = [...keys.serviceKeys].map(([name, key]) => named(name, { "service.jwk": key, ...extras(name, options, keys) }));
  const operators = Object.fromEntries([...keys.operatorKeys].map(([name, key]) => [`${name}.jwk`, key]));
  return [
    ...services,
    named("operators", operators),
    named("trust", { "trust.json": keys.trust }),
    named("eventlog", database("eventlog", options)),
  ];
}

function extras(service: string, options: SecretOptions, keys: Keys): Files {
  const role = WITH_DATABASE.find((name) => name === service);
  const ticket = [...keys.ticketKeys].find(([name]) => name === service)?.[1];
  return {
    ...(role === undefined ? {} : database(role, options)),
    ...(ticket === undefined ? {} : { "ticket.jwk": ticket }),
    ...(service === "auth" ? { "access-token.jwk": keys.accessTokenKey, "pii.key": keys.piiKey, "audit.salt": keys.auditSalt } : {}),
    ...(service === "audit" ? { "log.key": keys.logKey } : {}),
    ...(service === "vault" ? { "kek.json": keys.kek } : {}),
    ...(service === "relay" ? { "relayer.hex": options.relayerKey ?? keys.relayerKey } : {}),
  };
}

function database(role: DatabaseRole, { databaseHost, databaseParameters = "" }: SecretOptions): Files {
  const password = randomBytes(18).toString("base64url");
  return { "database-url": `postgres://${role}:${password}@${databaseHost}/${DATABASE}${databaseParameters}` };
}
