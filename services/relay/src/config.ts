import { z } from "zod";
import { chainVariables, databaseVariables, eventLogVariables, grpcVariables, peerAddress } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { variable } from "#platform/config/variable.js";

const wei = z
  .string()
  .regex(/^[0-9]{1,30}$/, "must be a whole number of wei")
  .transform((text) => BigInt(text));

/** Everything the relay reads from its environment. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  ...chainVariables,
  permissionsAddress: peerAddress("permissions"),
  vaultAddress: peerAddress("vault"),
  relayerKey: variable({
    env: "RELAYER_KEY",
    schema: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "must be 32 bytes in 0x hex")
      .transform((text): `0x${string}` => `0x${text.slice(2)}`),
    secret: true,
    description: "Private key of the relayer EOA, an operational key that holds gas only; normally given as RELAYER_KEY_FILE.",
  }),
  feeCeilingWei: variable({
    env: "FEE_CEILING_WEI",
    schema: wei.default(500_000_000_000n),
    description: "Most wei per gas the relay ever offers (maxFeePerGas), replacements included.",
  }),
  reserveWei: variable({
    env: "RELAYER_RESERVE_WEI",
    schema: wei.default(10_000_000_000_000_000n),
    description: "Wei of the relayer that automation leaves alone; below it executions are HELD.",
  }),
  workers: variable({
    env: "RELAY_WORKERS",
    schema: integer(1, 512).default(48),
    description: "Most executions that are brought on at the same time by one process.",
  }),
  headPollMs: variable({
    env: "HEAD_POLL_MS",
    schema: integer(50, 60_000).default(250),
    description: "Milliseconds between two looks at the newest block.",
  }),
  rpcTimeoutMs: variable({
    env: "RPC_TIMEOUT_MS",
    schema: integer(100, 60_000).default(3_000),
    description: "Milliseconds one node gets to answer before the next one is asked.",
  }),
  stuckBlocks: variable({
    env: "STUCK_BLOCKS",
    schema: integer(1, 10_000).default(5),
    description: "Blocks the first transaction in line may wait before it is replaced with both fees raised.",
  }),
};
