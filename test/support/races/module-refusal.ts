import { type Address, decodeErrorResult, type Hex, isHex } from "viem";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { chainRefusal } from "../e2e/chain-refusal.js";

/** Name of the module's error a call ends with now; undefined when it would go through. */
export async function moduleRefusal({ chain, world }: Stack, data: Hex): Promise<string | undefined> {
  const to: Address = world.contracts.sessionModule;
  const answer = await chainRefusal(chain.url, { from: world.client.account.address, to, data });
  return answer === undefined ? undefined : decodeErrorResult({ abi: sessionModuleAbi, data: hex(answer) }).errorName;
}

/** A text that is hex, as such. @throws TypeError when it is not */
export function hex(text: string): Hex {
  if (!isHex(text)) throw new TypeError(`not hex: ${text}`);
  return text;
}
