import { readFileSync } from "node:fs";
import { type Address, getAddress, type Hex, isAddress, isHex } from "viem";
import { z } from "zod";
import type { StackOptions } from "./stack-options.js";

const address = z
  .string()
  .refine((text) => isAddress(text), "must be an address, with a correct checksum where it has one")
  .transform((text): Address => getAddress(text));
const word = z
  .string()
  .refine((text): text is Hex => isHex(text) && text.length === 66, "must be 32 bytes of hex")
  .transform((text): Hex => `0x${text.slice(2)}`);
const amount = z
  .string()
  .regex(/^[1-9][0-9]*$/, "must be a whole number, as text")
  .transform(BigInt);

const feeds = z.array(
  z.strictObject({ token: address, feed: address, tokenDecimals: z.int().min(0).max(30), maxAge: z.int().min(1).max(31_536_000) }),
);

const gmx = z.strictObject({
  addresses: z.strictObject({
    exchangeRouter: address,
    router: address,
    orderVault: address,
    dataStore: address,
    uiFeeReceiver: address,
    referralCode: word,
  }),
  caps: z.strictObject({
    maxSizeUsd: amount,
    maxExecutionFee: amount,
    maxLeverage: z.int().min(1).max(100),
    closeSlippageBps: z.int().min(1).max(9_999),
  }),
  markets: z.array(z.strictObject({ market: address, indexToken: address })).min(1),
  collaterals: z.array(address).min(1),
  feeds,
});

const schema = z.strictObject({
  chainId: z.int().min(1),
  guardian: address,
  governor: address,
  /** Seconds; below 48 h only on development chains. */
  delay: z.int().min(0),
  tokens: z.array(address),
  recipients: z.array(address),
  vaults: z.array(address),
  gmx: gmx.optional(),
  swap: z.strictObject({ router: address, outputs: z.array(address).min(1), feeds }).optional(),
});

/** The arguments of one chain's installation: everything its addresses follow from, beside the bytecode. */
export interface ChainArguments extends StackOptions {
  readonly chainId: number;
}

const DEVELOPMENT_CHAIN = 31_337;
const SHORTEST_DELAY = 172_800;
const LONGEST_AGE = 604_800;

/** Parses a file of contracts/deploy/chains. @throws Error naming the wrong field */
export function readChainArguments(path: string): ChainArguments {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
  }
  const { chainId, delay } = parsed.data;
  if (chainId !== DEVELOPMENT_CHAIN && delay < SHORTEST_DELAY) {
    throw new Error(`${path}: delay: must be at least ${SHORTEST_DELAY} s (48 h) on chain ${chainId}, is ${delay}`);
  }
  const feeds = [...(parsed.data.gmx?.feeds ?? []), ...(parsed.data.swap?.feeds ?? [])];
  const slow = feeds.find(({ maxAge }) => maxAge > LONGEST_AGE);
  if (chainId !== DEVELOPMENT_CHAIN && slow !== undefined) {
    throw new Error(`${path}: feeds: maxAge must be at most ${LONGEST_AGE} s (7 days) on chain ${chainId}, is ${slow.maxAge}`);
  }
  return parsed.data;
}
