import { z } from "zod";
import { chainVariables, processVariables } from "#platform/config/common-variables.js";
import { address } from "#platform/config/schemas.js";
import { variable } from "#platform/config/variable.js";

/** Everything lifeline reads from its environment: one RPC and the contract addresses, nothing of any other service. */
export const configDefinition = {
  ...processVariables,
  ...chainVariables,
  httpListen: variable({ env: "HTTP_LISTEN", schema: address, description: "host:port of the emergency API.", example: "0.0.0.0:8080" }),
  keyedRpcUrlsFile: variable({
    env: "KEYED_RPC_URLS_FILE",
    schema: z.string().min(1).optional(),
    description: "Path of a file with more RPC URLs, comma-separated, that carry credentials; lifeline starts without it too.",
    example: "/var/run/secrets/interlock-rpc/rpc-urls",
  }),
  maxCloseValue: variable({
    env: "MAX_CLOSE_VALUE",
    schema: z
      .string()
      .regex(/^[0-9]{1,24}$/, "must be wei in decimal")
      .default("50000000000000000")
      .transform(BigInt),
    description: "Most wei a submitted close may carry for protocols that charge an execution fee.",
  }),
};
