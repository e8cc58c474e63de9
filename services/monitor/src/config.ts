import { chainVariables, databaseVariables, eventLogVariables, grpcVariables, peerAddress } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";

/** Everything monitor reads from its environment. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  ...chainVariables,
  permissionsAddress: peerAddress("permissions"),
  watchIntervalMs: variable({
    env: "WATCH_INTERVAL_MS",
    schema: integer(100, 60_000).default(1_000),
    description: "Milliseconds between two looks at the chain.",
  }),
  reconcileGraceSeconds: variable({
    env: "RECONCILE_GRACE_SECONDS",
    schema: integer(0, 3_600).default(15),
    description: "Seconds the audit log gets to tell of what is on the chain, and the other way round, before a difference is told.",
  }),
  reconcileDepthBlocks: variable({
    env: "RECONCILE_DEPTH_BLOCKS",
    schema: integer(1, 500).default(64),
    description: "Blocks below the head in which a reorganisation of the chain is noticed when chain and log are compared.",
  }),
};

export type MonitorConfig = ConfigOf<typeof configDefinition>;
