import { z } from "zod";
import { ed25519PrivateJwk } from "./keys.js";
import { address, commaList, flag, httpUrl, integer, port, postgresUrl } from "./schemas.js";
import { trustText } from "./trust-text.js";
import { variable } from "./variable.js";

/** What every process has. */
export const processVariables = {
  logLevel: variable({
    env: "LOG_LEVEL",
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], "must be a pino level").default("info"),
    description: "Least level that is logged: trace, debug, info, warn, error, fatal or silent.",
  }),
  otlpEndpoint: variable({
    env: "OTEL_EXPORTER_OTLP_ENDPOINT",
    schema: httpUrl.optional(),
    description: "Base URL of an OTLP/HTTP collector; without it spans are made (log lines carry their ids) and dropped.",
    example: "http://otel-collector:4318",
  }),
  healthPort: variable({
    env: "HEALTH_PORT",
    schema: port.default(0),
    description: "Port of /livez, /readyz, /status and /metrics; 0 lets the system choose.",
  }),
  healthHost: variable({
    env: "HEALTH_HOST",
    schema: z.string().min(1).optional(),
    description: "Address the health server listens on; default: the host of GRPC_LISTEN or HTTP_LISTEN.",
  }),
  shutdownGraceMs: variable({
    env: "SHUTDOWN_GRACE_MS",
    schema: integer(0, 120_000).default(15_000),
    description: "Milliseconds that calls in flight get to finish after SIGTERM before they are cut.",
  }),
  degradationFloorFile: variable({
    env: "DEGRADATION_FLOOR_FILE",
    schema: z.string().min(1).optional(),
    description:
      'Path of a file with conditions an operator holds, {"level":"auto"|"L0".."L6","conditions":[...]}; read again as it changes, and it only takes away.',
    example: "/etc/interlock/degradation/floor.json",
  }),
  degradationFloorPollMs: variable({
    env: "DEGRADATION_FLOOR_POLL_MS",
    schema: integer(10, 60_000).default(2_000),
    description: "Milliseconds between two looks at that file.",
  }),
  degradationClearMs: variable({
    env: "DEGRADATION_CLEAR_MS",
    schema: integer(0, 600_000).default(30_000),
    description: "Milliseconds a dependency that was lost has to answer without a failure before it counts as up again.",
  }),
  degradationDwellMs: variable({
    env: "DEGRADATION_DWELL_MS",
    schema: integer(0, 600_000).default(30_000),
    description: "Least milliseconds a dependency that was lost counts as down; up to a half more is drawn. A start waits for none of it.",
  }),
  degradationBudgetMs: variable({
    env: "DEGRADATION_BUDGET_MS",
    schema: integer(1, 60_000).default(1_500),
    description: "Milliseconds an answer of a dependency may take; it counts as down when they take longer for five seconds.",
  }),
  development: variable({
    env: "DEVELOPMENT",
    schema: flag.default(false),
    description: "true: gRPC reflection is on. Never in production.",
  }),
};

/** What every gRPC service has on top of `processVariables`. */
export const grpcVariables = {
  ...processVariables,
  grpcListen: variable({
    env: "GRPC_LISTEN",
    schema: address,
    description: "host:port the gRPC server listens on.",
    example: "0.0.0.0:50051",
  }),
  ...callerVariables(),
};

/** What a process needs to call its peers: its own key and everybody's pinned public keys. */
export function callerVariables() {
  return {
    trust: variable({
      env: "TRUST",
      schema: trustText,
      description: "JSON of the pinned public keys of all callers and ticket issuers; normally given as TRUST_FILE.",
    }),
    serviceKey: variable({
      env: "SERVICE_KEY",
      schema: ed25519PrivateJwk,
      secret: true,
      description: "Private Ed25519 JWK this service signs its service tokens with; normally given as SERVICE_KEY_FILE.",
    }),
  };
}

/** A service with an own schema in Postgres. */
export const databaseVariables = {
  databaseUrl: variable({
    env: "DATABASE_URL",
    schema: postgresUrl,
    secret: true,
    description: "Postgres URL of the service's own role; the password is in it.",
    example: "postgres://permissions:...@postgres:5432/interlock",
  }),
  databasePoolSize: variable({
    env: "DATABASE_POOL_SIZE",
    schema: integer(1, 200).default(10),
    description: "Most connections this process opens to Postgres.",
  }),
};

/** A service that writes to or reads from the event log. */
export const eventLogVariables = {
  eventLog: variable({
    env: "EVENT_LOG",
    schema: z.enum(["postgres", "kafka"], "must be postgres or kafka").default("postgres"),
    description: "Adapter of the event log: postgres (embedded default) or kafka.",
  }),
  eventLogUrl: variable({
    env: "EVENT_LOG_URL",
    schema: postgresUrl.optional(),
    secret: true,
    description: "Postgres URL of the event log, for EVENT_LOG=postgres.",
  }),
  kafkaBrokers: variable({
    env: "KAFKA_BROKERS",
    schema: commaList(address).optional(),
    description: "Comma-separated host:port of Kafka brokers, for EVENT_LOG=kafka.",
    example: "kafka-0:9092,kafka-1:9092",
  }),
  kafkaMechanism: variable({
    env: "KAFKA_MECHANISM",
    schema: z.enum(["plain", "scram-sha-256", "scram-sha-512"], "must be plain, scram-sha-256 or scram-sha-512").optional(),
    description: "SASL mechanism by which this service shows the brokers who it is; without it it does not.",
  }),
  kafkaUsername: variable({
    env: "KAFKA_USERNAME",
    schema: z.string().min(1).optional(),
    description: "Name of this service as a Kafka user, for KAFKA_MECHANISM.",
    example: "interlock-kafka-audit",
  }),
  kafkaPassword: variable({
    env: "KAFKA_PASSWORD",
    schema: z.string().trim().min(1).optional(),
    secret: true,
    description: "Password of KAFKA_USERNAME.",
  }),
  kafkaTls: variable({
    env: "KAFKA_TLS",
    schema: flag.default(false),
    description: "true: TLS to the Kafka brokers; their certificates are checked.",
  }),
  kafkaCa: variable({
    env: "KAFKA_CA",
    schema: z.string().includes("-----BEGIN CERTIFICATE-----", "must be PEM certificates").optional(),
    description:
      "PEM certificates of who signed the brokers' certificates, for KAFKA_TLS; normally given as KAFKA_CA_FILE. Without it the system's.",
  }),
};

/** A service that reads the chain. */
export const chainVariables = {
  rpcUrls: variable({
    env: "RPC_URLS",
    schema: commaList(httpUrl),
    secret: true,
    description: "Comma-separated JSON-RPC URLs of the chain, in order of preference; secret because keyed URLs carry credentials.",
  }),
  deploymentFile: variable({
    env: "DEPLOYMENT_FILE",
    schema: z.string().min(1),
    description: "Path of the JSON file with chain id and contract addresses.",
    example: "/etc/interlock/deployment.json",
  }),
};

/** Address of a peer service, as `peer("vault")` -> VAULT_ADDRESS. */
export function peerAddress(peer: string) {
  return variable({
    env: `${peer.toUpperCase().replaceAll("-", "_")}_ADDRESS`,
    schema: address,
    description: `gRPC address of ${peer}: host:port, or dns:///host:port to balance over all its pods.`,
    example: `dns:///${peer}:50051`,
  });
}
