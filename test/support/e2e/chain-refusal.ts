import type { Address, Hex } from "viem";
import { z } from "zod";

const answer = z.object({
  error: z
    .object({ data: z.string().default("") })
    .loose()
    .optional(),
});

/** What the chain answers to a call that reverts: its data, selector first. undefined when it does not revert. */
export async function chainRefusal(
  rpcUrl: string,
  call: { readonly from: Address; readonly to: Address; readonly data: Hex },
): Promise<string | undefined> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_call", params: [call, "latest"] });
  const response = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
  return answer.parse(await response.json()).error?.data;
}
