import { type Address, encodeFunctionData, erc20Abi } from "viem";
import { z } from "zod";
import type { Client } from "./client.js";
import { until } from "./until.js";

const executionSchema = z.object({
  executionId: z.string(),
  state: z.string(),
  transactionHash: z.string().default(""),
  reasons: z.array(z.object({ code: z.string() })).default([]),
  transitions: z.array(z.object({ state: z.string() })).default([]),
});
export type Execution = z.infer<typeof executionSchema>;

const ENDED = ["DENIED", "SIM_FAILED", "MINED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED"];

/** A transfer of the token as an action. */
export function transfer(token: Address, to: Address, amount: bigint) {
  return { call: { to: token, value: "0", data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] }) } };
}

/** Follows an execution until it is mined or nothing more happens. */
export function follow(client: Client, executionId: string): Promise<Execution> {
  return until(
    `the end of execution ${executionId}`,
    async () => {
      const execution = executionSchema.parse(await client.must("GET", `/v1/executions/${executionId}`));
      return ENDED.includes(execution.state) ? execution : undefined;
    },
    60_000,
  );
}

/** Uses a session once and follows it. */
export async function use(client: Client, sessionId: string, action: unknown): Promise<Execution> {
  const accepted = await client.execute(sessionId, action);
  if (accepted.status !== 202) throw new Error(`POST /v1/executions answered ${accepted.status}: ${accepted.text}`);
  return follow(client, executionSchema.parse(accepted.body).executionId);
}

/** Codes of an execution's reasons. */
export const reasonsOf = ({ reasons }: Execution): readonly string[] => reasons.map(({ code }) => code);
