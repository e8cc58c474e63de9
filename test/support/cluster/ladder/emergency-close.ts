import { encodeFunctionData, getAddress, type Hex, isHex } from "viem";
import { z } from "zod";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import type { OwnedSafe } from "../../e2e/safe.js";
import type { Access } from "../installation.js";

const hex = z.custom<Hex>((value) => isHex(value));
const prepared = z.object({
  transaction: z.object({
    to: hex,
    data: hex,
    value: z.string().transform(BigInt),
    nonce: z.number(),
    gas: z.string().transform(BigInt),
    maxFeePerGas: z.string().transform(BigInt),
    maxPriorityFeePerGas: z.string().transform(BigInt),
    chainId: z.number(),
  }),
});
const submitted = z.object({ transactionHash: hex });
const answered = z.object({ calls: z.array(z.object({ action: z.string(), to: z.string(), data: z.string() })) });
const BLOCKS = 10n;
const CALLDATA_WITHIN_MS = 1_000;

async function json(url: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** The owner closes everything with a transaction that lifeline prepares and sends. @throws Error unless it is mined within ten blocks */
export async function closeOnChain({ lifelineUrl, world }: Access, { address, owners: [owner] }: OwnedSafe): Promise<string> {
  const { transaction } = prepared.parse(await json(`${lifelineUrl}/emergency/prepare`, { account: address, owner: owner.address }));
  const rawTransaction = await owner.signTransaction({ type: "eip1559", ...transaction });
  const from = await world.client.getBlockNumber({ cacheTime: 0 });
  const { transactionHash } = submitted.parse(await json(`${lifelineUrl}/emergency/submit`, { rawTransaction }));
  const { status, blockNumber } = await world.client.waitForTransactionReceipt({ hash: transactionHash, timeout: 20_000 });
  if (status !== "success" || blockNumber > from + BLOCKS)
    throw new Error(`the close was ${status} in block ${blockNumber}, sent at ${from}`);
  return `mined in ${blockNumber - from} blocks`;
}

/** The calldata for any wallet. @throws Error unless it is right and there within a second */
export async function closeByCalldata({ lifelineUrl, world }: Access, { address }: OwnedSafe): Promise<string> {
  const began = Date.now();
  const { calls } = answered.parse(await json(`${lifelineUrl}/emergency/calldata/${address}`));
  const took = Date.now() - began;
  const to = getAddress(world.contracts.sessionModule);
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "emergencyCloseAll", args: [address] });
  const right = calls.some((call) => call.action === "close_all" && getAddress(call.to) === to && call.data === data);
  if (!right || took > CALLDATA_WITHIN_MS) throw new Error(`calldata after ${took} ms: ${JSON.stringify(calls)}`);
  return `calldata in ${took} ms`;
}
