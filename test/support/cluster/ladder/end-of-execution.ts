import { z } from "zod";
import type { Client } from "../../e2e/client.js";

const seen = z.object({ state: z.string(), reasons: z.array(z.object({ code: z.string() })).default([]) }).loose();
const ENDED = ["DENIED", "SIM_FAILED", "MINED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED", "HELD"];
const PATIENCE_MS = 20_000;

export interface End {
  readonly state: string;
  /** Codes of the reasons. */
  readonly reasons: readonly string[];
}

/** Where an execution stands once it ended or is held, or after twenty seconds. */
export async function endOf(client: Client, executionId: string): Promise<End> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: End = { state: "unknown", reasons: [] };
  while (Date.now() < deadline && !ENDED.includes(last.state)) {
    const reply = await client.get(`/v1/executions/${executionId}`);
    if (reply.status === 200) {
      const { state, reasons } = seen.parse(reply.body);
      last = { state, reasons: reasons.map(({ code }) => code) };
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return last;
}
