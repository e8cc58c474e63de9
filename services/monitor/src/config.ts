import { chainVariables, databaseVariables, eventLogVariables, grpcVariables, peerAddress } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { variable } from "#platform/config/variable.js";

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
};
