import { describe, expect, it } from "vitest";
import { has, render } from "../support/charts/helm.js";
import { production } from "../support/charts/value-sets.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (has("helm")) {
  describe("the chart's schema refuses, naming the place,", schemaRefuses);
  describe("the chart's templates refuse, with the schema skipped,", templatesRefuse);
} else skipLoudly("helm", "refuses bad values", NO_HELM);

type Bad = readonly [what: string, values: object, place: string];

/** Each is one wrong value on top of good ones; `place` must stand in the message. */
const BAD: readonly Bad[] = [
  ["a key nobody knows", { replicas: 2 }, "replicas"],
  ["an origin with a path", { publicOrigin: "https://interlock.example/app" }, "publicOrigin"],
  ["an origin without a scheme", { publicOrigin: "interlock.example" }, "publicOrigin"],
  ["an emergency origin that is none", { emergencyOrigin: "emergency" }, "emergencyOrigin"],
  ["login origins that are no list", { loginOrigins: "https://a.example" }, "loginOrigins"],
  ["a log level of another library", { logLevel: "warning" }, "logLevel"],
  ["a negative number of proxies", { trustedProxies: -1 }, "trustedProxies"],
  ["a collector without a scheme", { otlpEndpoint: "collector:4318" }, "otlpEndpoint"],
  ["the tag latest", { image: { tag: "latest" } }, "tag"],
  ["a tag with a space", { image: { tag: "0.1 0" } }, "tag"],
  ["pulling always", { image: { pullPolicy: "Always" } }, "pullPolicy"],
  ["a registry with a scheme", { image: { registry: "https://registry.example" } }, "registry"],
  ["an RPC URL of another scheme", { chain: { rpcUrls: ["wss://rpc.example"] } }, "rpcUrls"],
  ["an RPC URL with a password", { chain: { rpcUrls: ["https://me:secret@rpc.example"] } }, "rpcUrls"],
  ["RPC URLs in one text", { chain: { rpcUrls: "https://rpc.example" } }, "rpcUrls"],
  ["a ConfigMap's name in capitals", { chain: { deployment: { configMap: "Contracts" } } }, "configMap"],
  ["contracts without a chain id", { chain: { deployment: { configMap: "", inline: { module: `0x${"ab".repeat(20)}` } } } }, "inline"],
  ["a database without a port", { database: { host: "postgres" } }, "host"],
  ["another broker", { eventLog: { kind: "rabbitmq" } }, "kind"],
  ["a broker without a port", { eventLog: { kafka: { brokers: ["kafka"] } } }, "brokers"],
  ["topics without replicas", { eventLog: { kafka: { topics: { replicas: 0 } } } }, "replicas"],
  ["a mechanism nobody knows", { eventLog: { kafka: { sasl: { mechanism: "oauth" } } } }, "mechanism"],
  ["ACLs by hand", { eventLog: { kafka: { acls: { kind: "manual" } } } }, "kind"],
  ["a reader without a name", { eventLog: { kafka: { acls: { readers: [{ bytesPerSecond: 1 }] } } } }, "readers"],
  ["another provider of Secrets", { secrets: { provider: "vault" } }, "provider"],
  ["another kind of store", { secrets: { externalSecrets: { storeKind: "Vault" } } }, "storeKind"],
  ["a development attester in production", { custody: { mode: "development" } }, "provider"],
  ["a custody mode nobody knows", { custody: { mode: "none" } }, "mode"],
  ["an anchor that is no address", { audit: { anchor: { contract: "0x12" } } }, "contract"],
  ["anchors without a pause", { audit: { anchor: { everySeconds: 0 } } }, "everySeconds"],
  ["a log volume in gigabytes", { audit: { logVolume: { size: "10GB" } } }, "size"],
  ["a witness port beyond 65535", { networkPolicy: { egress: { witnesses: { ports: [70_000] } } } }, "ports"],
  ["KEDA for a service that reads no events", { services: { gateway: { autoscaling: { kind: "keda" } } } }, "kind"],
  ["a refresh interval without a unit", { secrets: { externalSecrets: { refreshInterval: "60" } } }, "refreshInterval"],
  ["a level beyond the ladder", { degradation: { level: "L7" } }, "level"],
  ["a level as a number", { degradation: { level: 2 } }, "level"],
  ["a condition nobody knows", { degradation: { conditions: ["MoonDown"] } }, "conditions"],
  ["a condition twice", { degradation: { conditions: ["DbDown", "DbDown"] } }, "conditions"],
  ["a dwell in words", { degradation: { dwellSeconds: "30s" } }, "dwellSeconds"],
  ["a dependency that never counts as back", { degradation: { clearSeconds: 86_400 } }, "clearSeconds"],
  ["migrations given up at once", { migrations: { deadlineSeconds: 1 } }, "deadlineSeconds"],
  ["tools without a version", { tools: { image: "tools:latest" } }, "image"],
  ["priority classes switched by a text", { priorityClasses: { create: "yes" } }, "create"],
  ["an egress rule without ports", { networkPolicy: { egress: { chain: { ports: [] } } } }, "ports"],
  ["a port beyond 65535", { networkPolicy: { egress: { database: { ports: [70_000] } } } }, "ports"],
  ["a host with a scheme", { ingress: { gatewayHost: "https://a.example" } }, "gatewayHost"],
  ["a scrape interval without a unit", { metrics: { serviceMonitor: { interval: "15" } } }, "interval"],
  ["a grace shorter than a drain", { pods: { terminationGraceSeconds: 5 } }, "terminationGraceSeconds"],
  ["a label that is a number", { pods: { labels: { team: 1 } } }, "labels"],
  ["one lifeline", { services: { lifeline: { replicas: 1 } } }, "lifeline"],
  ["lifeline with an autoscaler", { services: { lifeline: { autoscaling: { kind: "hpa" } } } }, "autoscaling"],
  ["lifeline with a Secret of the main path", { services: { lifeline: { secret: "interlock-auth" } } }, "lifeline"],
  ["no vault", { services: { vault: { replicas: 0 } } }, "replicas"],
  ["a service that is none", { services: { console: { replicas: 1 } } }, "console"],
  ["tier 1 with requests and limits", { services: { relay: { resources: { requests: { cpu: "1", memory: "1Gi" } } } } }, "resources"],
  ["tier 1 with an autoscaler", { services: { vault: { autoscaling: { kind: "hpa", min: 1, max: 2 } } } }, "autoscaling"],
  ["tier 2 without limits", { services: { auth: { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: null } } } }, "limits"],
  ["memory in gigabytes", { services: { vault: { resources: { memory: "1GB" } } } }, "memory"],
  ["a core without resources", { services: { vault: { signerCore: { resources: null } } } }, "signerCore"],
  ["a core that may be pressed", { services: { vault: { signerCore: { resources: { limits: { cpu: "1" } } } } } }, "resources"],
  ["CPU in words", { services: { vault: { resources: { cpu: "one" } } } }, "cpu"],
  ["an image without a version", { services: { gateway: { image: "acme/gateway:latest" } } }, "image"],
  ["a scaler that goes to nothing", { services: { audit: { autoscaling: { min: 0 } } } }, "min"],
  ["a scaler of another kind", { services: { gateway: { autoscaling: { kind: "vpa" } } } }, "kind"],
  ["a variable in small letters", { services: { relay: { environment: { workers: 4 } } } }, "workers"],
  ["a main job that is a text", { tests: { mainJob: "yes" } }, "mainJob"],
];

/** The invariants that hold also where the schema is not asked. */
const INVARIANTS: readonly Bad[] = [
  ["no public origin", { publicOrigin: "" }, "publicOrigin: give the origin"],
  ["no RPC", { chain: { rpcUrls: [] } }, "chain.rpcUrls: give at least one"],
  ["no contracts", { chain: { deployment: { configMap: "" } } }, "chain.deployment: give configMap"],
  ["contracts twice", { chain: { deployment: { inline: { chainId: 1 } } } }, "not both"],
  ["Kafka without brokers", { eventLog: { kafka: { brokers: [] } } }, "eventLog.kafka.brokers: give at least one"],
  ["another broker", { eventLog: { kind: "nats" } }, "eventLog.kind: must be kafka or postgres, saw nats"],
  [
    "ACLs for nobody",
    { eventLog: { kafka: { acls: { kind: "job", adminSecret: "a" } } } },
    "eventLog.kafka.sasl.mechanism: ACLs are for users",
  ],
  [
    "ACLs nobody may set",
    { eventLog: { kafka: { sasl: { mechanism: "plain" }, acls: { kind: "job" } } } },
    "eventLog.kafka.acls.adminSecret",
  ],
  [
    "users where nobody serves them",
    { eventLog: { kafka: { sasl: { mechanism: "scram-sha-512" }, acls: { kind: "strimzi" } } } },
    "use job",
  ],
  ["topics where nobody serves them", { eventLog: { kafka: { topics: { create: true, cluster: "a" } } } }, "kafka.strimzi.io/v1"],
  ["External Secrets where nobody serves them", { secrets: { provider: "externalSecrets" } }, "external-secrets.io/v1"],
  ["development Secrets without a database", { secrets: { provider: "development" } }, "database.host"],
  ["a development attester in production", { custody: { mode: "development" } }, "custody.mode: development"],
  ["a custody mode nobody knows", { custody: { mode: "none" } }, "custody.mode: must be production or development, saw none"],
  ["a custody mode by the back door", { services: { vault: { environment: { CUSTODY_MODE: "development" } } } }, "the chart sets it"],
  ["an anchor nobody pays for", { audit: { anchor: { contract: `0x${"ab".repeat(20)}` } } }, "audit.anchor.secret"],
  ["witnesses nobody can reach", { audit: { witnessPolicy: "quorum none" } }, "networkPolicy.egress.witnesses.ports"],
  ["two writers of the log's files", { audit: { logVolume: { enabled: true } }, services: { audit: { replicas: 2 } } }, "audit.logVolume"],
  [
    "a scaler of the one writer of the log's files",
    { audit: { logVolume: { enabled: true } }, services: { audit: { autoscaling: { kind: "hpa" } } } },
    "services.audit.autoscaling must be none",
  ],
  ["KEDA for a service that reads no events", { services: { auth: { autoscaling: { kind: "keda" } } } }, "auth has none; use hpa"],
  ["the tag latest", { image: { tag: "latest" } }, "image.tag: latest"],
  ["an image named latest", { services: { vault: { image: "acme/vault:latest" } } }, "services.vault.image"],
  ["one lifeline", { services: { lifeline: { replicas: 1 } } }, "services.lifeline.replicas: the emergency path has at least 2, saw 1"],
  ["no relay", { services: { relay: { replicas: 0 } } }, "services.relay.replicas: must be at least 1"],
  [
    "tier 1 that is not Guaranteed",
    { services: { vault: { resources: { requests: { cpu: 1 } } } } },
    "services.vault.resources: tier T1 is Guaranteed",
  ],
  [
    "a core that is not Guaranteed",
    { services: { vault: { signerCore: { resources: { requests: { cpu: 1 } } } } } },
    "services.vault.signerCore.resources: tier T1 is Guaranteed",
  ],
  ["a key ring for the shell", { services: { vault: { environment: { KEK_FILE: "/kek.json" } } } }, "the chart sets it"],
  ["tier 0 with a scaler", { services: { lifeline: { autoscaling: { kind: "hpa" } } } }, "services.lifeline.autoscaling: tier T0"],
  ["a scaler upside down", { services: { gateway: { autoscaling: { kind: "hpa", min: 9, max: 2 } } } }, "min 9 is above max 2"],
  ["a scaler to nothing", { services: { audit: { autoscaling: { kind: "hpa", min: 0 } } } }, "services.audit.autoscaling.min"],
  ["KEDA where nobody serves it", { services: { audit: { autoscaling: { kind: "keda" } } } }, "keda.sh/v1alpha1"],
  ["a secret in an environment", { services: { relay: { environment: { RELAYER_KEY: "0x1" } } } }, "secrets go into the service's Secret"],
  ["a variable that the chart sets", { services: { auth: { environment: { GRPC_LISTEN: "0.0.0.0:1" } } } }, "the chart sets it"],
  ["a grace shorter than a drain", { pods: { preStopSeconds: 40 } }, "pods.terminationGraceSeconds"],
  ["one host for everything", { ingress: { enabled: true, gatewayHost: "a.b", lifelineHost: "a.b" } }, "ingress.lifelineHost"],
  ["the main job on a real chain", { tests: { mainJob: true } }, "tests.mainJob"],
  ["a level beyond the ladder", { degradation: { level: "L9" } }, "degradation.level: must be auto or L0 to L6, saw L9"],
  ["a condition nobody knows", { degradation: { conditions: ["MoonDown"] } }, "MoonDown is no condition"],
  ["a dwell beyond ten minutes", { degradation: { dwellSeconds: 601 } }, "degradation.dwellSeconds: must be 0 to 600, saw 601"],
  ["a dwell by the back door", { services: { relay: { environment: { DEGRADATION_DWELL_MS: "1" } } } }, "the chart sets it"],
];

function merge(one: object, other: object): object {
  const merged: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return merged;
}

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

function schemaRefuses(): void {
  it("nothing that is good", () => expect(render({ values: production }).said).toBe(""));
  it.each(BAD)("%s", (_, values, place) => {
    const { status, said } = render({ values: merge(production, values) });
    expect(status).not.toBe(0);
    expect(said).toContain(place);
  });
}

function templatesRefuse(): void {
  it.each(INVARIANTS)("%s", (_, values, message) => {
    const { status, said } = render({ values: merge(production, values), skipSchema: true });
    expect(status).not.toBe(0);
    expect(said).toContain(message);
  });

  it("says everything that is wrong at once", () => {
    const { said } = render({ skipSchema: true });
    for (const field of ["publicOrigin", "chain.rpcUrls", "chain.deployment", "eventLog.kafka.brokers"]) expect(said).toContain(field);
  });
}
