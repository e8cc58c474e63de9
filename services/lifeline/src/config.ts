import { getAddress, isAddress } from "viem";
import { z } from "zod";
import { chainVariables, processVariables } from "#platform/config/common-variables.js";
import { address, integer } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";

const wei = z
  .string()
  .regex(/^[0-9]{1,24}$/, "must be wei in decimal")
  .transform(BigInt);

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
    schema: wei.default(50_000_000_000_000_000n),
    description: "Most wei a submitted close may carry for protocols that charge an execution fee.",
  }),
  sponsorKeyFile: variable({
    env: "SPONSOR_KEY_FILE",
    schema: z.string().min(1).optional(),
    description:
      "Path of a file with the private key of an account that pays for closes and disarms owners only sign; it holds gas and nothing else. Lifeline starts without the file too; then whoever likes may pay, from any wallet.",
    example: "/var/run/secrets/interlock-rpc/sponsor-key",
  }),
  rateLimit: variable({
    env: "EMERGENCY_RATE_LIMIT",
    schema: z
      .string()
      .regex(/^[1-9][0-9]{0,5}:[1-9][0-9]{0,6}$/, "must be perSecond:burst")
      .default("1:10")
      .transform((text) => {
        const [perSecond = 1, burst = 10] = text.split(":").map(Number);
        return { perSecond, burst };
      }),
    description: "Requests one address may make: per second in the long run, and at once. Enough for a person, too few for a flood.",
  }),
  maxSponsorCost: variable({
    env: "MAX_SPONSOR_COST",
    schema: wei.default(20_000_000_000_000_000n),
    description: "Most wei one sponsored close may cost; with less than that the sponsor counts as empty.",
  }),
  selfTestAccount: variable({
    env: "SELF_TEST_ACCOUNT",
    schema: z
      .string()
      .refine((value) => isAddress(value, { strict: false }), "must be a 20-byte hex address")
      .transform((value) => getAddress(value))
      .optional(),
    description: "A Safe with the session module enabled whose close is prepared and simulated, never sent, as a test of the whole path.",
    example: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  }),
  selfTestSeconds: variable({
    env: "SELF_TEST_SECONDS",
    schema: integer(1, 86_400).default(300),
    description: "Seconds between two such tests.",
  }),
};

export type Config = ConfigOf<typeof configDefinition>;
