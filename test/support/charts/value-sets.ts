import type { RenderOptions } from "./helm.js";

const address = `0x${"ab".repeat(20)}`;

/** The least a production installation says. */
export const production = {
  publicOrigin: "https://interlock.example",
  emergencyOrigin: "https://emergency.example",
  image: { registry: "registry.example/acme", tag: "0.1.0" },
  chain: { rpcUrls: ["https://rpc.example"], deployment: { configMap: "contracts" } },
  eventLog: { kafka: { brokers: ["kafka-0.example:9092"] } },
};

const inline = {
  chainId: 1,
  module: address,
  registry: address,
  metavaults: address,
  adapters: { vault: address },
  protocols: { erc20: 1 },
  confirmations: 2,
};
const external = { provider: "externalSecrets", externalSecrets: { store: "store" } };
const ESO = "external-secrets.io/v1";
const PROMETHEUS = "monitoring.coreos.com/v1";
const KEDA = "keda.sh/v1alpha1";
const STRIMZI = "kafka.strimzi.io/v1";
const hosts = { enabled: true, gatewayHost: "interlock.example", lifelineHost: "emergency.example" };
const keda = (kind: string) => ({ services: { audit: { autoscaling: { kind, min: 1, max: 3 } } } });

const guarded = (acls: object) => ({
  brokers: ["k:9093"],
  sasl: { mechanism: "scram-sha-512" },
  tls: { enabled: true, caSecret: "main-cluster-ca-cert" },
  acls: { readers: [{ name: "compliance", bytesPerSecond: 10_485_760 }], ...acls },
});

/** Values people install with, by what is special about them. */
export const VALUE_SETS: Readonly<Record<string, RenderOptions>> = {
  development: { files: ["values-dev.yaml"] },
  "development at L2": { files: ["values-dev.yaml"], values: { degradation: { level: "L2" } } },
  "development at L3": { files: ["values-dev.yaml"], values: { degradation: { level: "L3" } } },
  "development at L4": { files: ["values-dev.yaml"], values: { degradation: { level: "L4" } } },
  "development at L5": { files: ["values-dev.yaml"], values: { degradation: { level: "L5" } } },
  "development without Kafka": { files: ["values-dev.yaml"], values: { eventLog: { kind: "postgres" } } },
  "development without NetworkPolicies": { files: ["values-dev.yaml"], values: { networkPolicy: { enabled: false } } },
  "development under another name": { files: ["values-dev.yaml"], release: "trial" },
  "development, everything monitored": {
    files: ["values-dev.yaml"],
    apis: [PROMETHEUS],
    values: { metrics: { dashboards: { enabled: true } } },
  },
  production: { values: production },
  "production in high availability": { files: ["values-ha.yaml"], values: production },
  "production on the Postgres event log": { values: { ...production, eventLog: { kind: "postgres" } } },
  "production with contracts inline": { values: { ...production, chain: { rpcUrls: ["https://rpc.example"], deployment: { inline } } } },
  "production with a keyed RPC": {
    values: { ...production, chain: { ...production.chain, rpcSecret: { name: "rpc" } }, services: { lifeline: { rpcSecret: "rpc" } } },
  },
  "production with External Secrets": { values: { ...production, secrets: external }, apis: [ESO] },
  "high availability with External Secrets": { files: ["values-ha.yaml"], values: { ...production, secrets: external }, apis: [ESO] },
  "production with Ingress": { values: { ...production, ingress: hosts } },
  "production with Ingress and TLS": {
    values: { ...production, ingress: { ...hosts, className: "nginx", gatewayTlsSecret: "a", lifelineTlsSecret: "b" } },
  },
  "production monitored": { values: production, apis: [PROMETHEUS] },
  "production with alerts labelled": {
    values: { ...production, metrics: { prometheusRule: { labels: { release: "prometheus" } } } },
    apis: [PROMETHEUS],
  },
  "production with KEDA": { values: { ...production, ...keda("keda") }, apis: [KEDA] },
  "production with HPAs": { values: { ...production, ...keda("hpa") } },
  "production with Strimzi's topics": {
    values: { ...production, eventLog: { kafka: { brokers: ["k:9092"], topics: { create: true, cluster: "main" } } } },
    apis: [STRIMZI],
  },
  "production with Kafka's ACLs by a Job": {
    values: { ...production, eventLog: { kafka: guarded({ kind: "job", adminSecret: "kafka-admin" }) } },
  },
  "production with Strimzi's users": {
    values: { ...production, eventLog: { kafka: { ...guarded({ kind: "strimzi" }), topics: { create: true, cluster: "main" } } } },
    apis: [STRIMZI],
  },
  "production for auditors": {
    values: { ...production, auditors: { secret: "auditors" }, networkPolicy: { auditorsFrom: [{ ipBlock: { cidr: "10.1.0.0/16" } }] } },
  },
  "production behind a controller": {
    values: { ...production, networkPolicy: { publicFrom: [{ namespaceSelector: { matchLabels: { name: "ingress" } } }] } },
  },
  "production with tracing": { values: { ...production, otlpEndpoint: "http://collector:4318" } },
  "production with priority classes of others": { values: { ...production, priorityClasses: { create: false, prefix: "acme" } } },
  "production with Secrets of other names": {
    values: { ...production, services: { vault: { secret: "hsm" }, auth: { secret: "login" } } },
  },
  "production with roles made by the chart": { values: { ...production, database: { adminSecret: { name: "postgres-admin" } } } },
  "production with pods placed": {
    values: {
      ...production,
      pods: { nodeSelector: { disk: "ssd" }, tolerations: [{ key: "interlock", operator: "Exists" }], labels: { team: "a" } },
    },
  },
  "production with private images": {
    values: {
      ...production,
      image: { ...production.image, pullSecrets: ["registry"] },
      services: { vault: { image: `acme/vault@sha256:${"0".repeat(64)}` } },
    },
  },
  "production with a KEK provider outside": {
    values: { ...production, custody: { kekSecret: "kek" }, networkPolicy: { egress: { kek: { to: [], ports: [8443] } } } },
  },
  "production with witnesses": {
    values: {
      ...production,
      audit: { witnessPolicy: "log l\nwitness w k https://witness.example\nquorum w" },
      networkPolicy: { egress: { witnesses: { to: [], ports: [443] } } },
    },
  },
  "production with anchors": { values: { ...production, audit: { anchor: { contract: address, secret: "anchor" } } } },
  "production with the log on a volume": { values: { ...production, audit: { logVolume: { enabled: true, storageClass: "fast" } } } },
  "production without migrations": { values: { ...production, migrations: { enabled: false } } },
};
