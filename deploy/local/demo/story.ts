import type { Address, Hex, PrivateKeyAccount } from "viem";
import type { Stack } from "../stack.js";
import type { Cli } from "./cli.js";
import type { Narrator } from "./narrator.js";
import type { OutsideConsumer } from "./outside-consumer.js";

/** A session as the demo knows it. */
export interface DemoSession {
  readonly sessionId: string;
  readonly policyId: Hex;
}

/** Everything the chapters share; each chapter fills in what it makes. */
export interface Story {
  readonly stack: Stack;
  readonly narrator: Narrator;
  readonly owner: PrivateKeyAccount;
  readonly ownerKeyFile: string;
  /** The owner's and the agent's terminals. */
  readonly ownerCli: Cli;
  readonly agentCli: Cli;
  safe: Address;
  outsider: OutsideConsumer | undefined;
  payments: DemoSession | undefined;
  /** Sum of what was paid through Interlock, in the token's smallest unit. */
  paid: bigint;
}

/** What an earlier chapter had to make. @throws Error when it did not. */
export function made<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} should have been made by an earlier chapter`);
  return value;
}

/** One unit of the test token. */
export const USDC = 1_000_000n;

/** Throws `message` unless `condition` holds: a step of the demo that does not hold fails the demo. */
export function hold(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
