import { z } from "zod";
import { required } from "./required.js";

// That everything answers: every service through the gateway's status, and the emergency path by itself.
const statusSchema = z.object({ status: z.string() }).loose();
const gateway = `http://${required("GATEWAY")}`;
const lifeline = `http://${required("LIFELINE")}`;

async function json(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

console.log(`gateway: ${JSON.stringify(statusSchema.parse(await json(`${gateway}/v1/status`)))}`);
const nobody = `0x${"00".repeat(19)}01`;
const { calls } = z
  .object({ calls: z.array(z.object({ data: z.string() })).min(2) })
  .parse(await json(`${lifeline}/emergency/calldata/${nobody}`));
console.log(`lifeline: ${calls.length} calls of calldata`);
