import { type Address, parseAbi, zeroAddress } from "viem";
import type { DeployClient } from "./deploy-client.js";
import type { StackOptions, TokenFeed } from "./stack-options.js";

const ABI = parseAbi([
  "function decimals() view returns (uint8)",
  "function asset() view returns (address)",
  "function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)",
]);

/** The part of a client that asks the chain. */
type Reader = Pick<DeployClient, "getCode" | "readContract" | "getBlock">;

/**
 * Asks the chain about every address of an arguments file before anything is deployed with it: what stands there, and whether it answers as what it
 * is said to be. The contracts are immutable, so a wrong address is a wrong installation for ever.
 * @throws Error naming the field, the address and what is wrong
 */
export async function checkArguments(client: Reader, options: StackOptions): Promise<void> {
  if (options.guardian === zeroAddress) throw new Error("guardian: is the zero address: name the Safe that may remove and pause");
  if (options.governor === zeroAddress) throw new Error("governor: is the zero address: name the Safe that may add");
  const contracts: [field: string, address: Address][] = [
    ...options.tokens.map((address, index): [string, Address] => [`tokens.${index}`, address]),
    ...options.vaults.map((address, index): [string, Address] => [`vaults.${index}`, address]),
    ...(options.swap === undefined ? [] : [["swap.router", options.swap.router] satisfies [string, Address]]),
    ...(options.gmx === undefined
      ? []
      : (["exchangeRouter", "router", "orderVault", "dataStore"] as const).map((part): [string, Address] => [
          `gmx.addresses.${part}`,
          options.gmx?.addresses[part] ?? zeroAddress,
        ])),
  ];
  for (const [field, address] of contracts) await requireCode(client, field, address);
  for (const [index, vault] of options.vaults.entries()) {
    await ask(`vaults.${index}`, vault, client.readContract({ address: vault, abi: ABI, functionName: "asset" }));
  }
  const { timestamp } = await client.getBlock();
  for (const part of ["gmx", "swap"] as const) {
    for (const [index, feed] of (options[part]?.feeds ?? []).entries()) await checkFeed(client, `${part}.feeds.${index}`, feed, timestamp);
  }
}

async function checkFeed(client: Reader, field: string, { token, feed, tokenDecimals, maxAge }: TokenFeed, now: bigint) {
  await requireCode(client, `${field}.token`, token);
  await requireCode(client, `${field}.feed`, feed);
  const decimals = await ask(`${field}.token`, token, client.readContract({ address: token, abi: ABI, functionName: "decimals" }));
  if (decimals !== tokenDecimals)
    throw new Error(`${field}.tokenDecimals: ${token} has ${decimals} decimals, the file says ${tokenDecimals}`);
  const round = client.readContract({ address: feed, abi: ABI, functionName: "latestRoundData" });
  const [, answer, , updatedAt] = await ask(`${field}.feed`, feed, round);
  if (answer <= 0n) throw new Error(`${field}.feed: ${feed} answers ${answer}, which is no price`);
  if (now > updatedAt + BigInt(maxAge)) {
    throw new Error(`${field}.maxAge: the last answer of ${feed} is ${now - updatedAt} s old, the file allows ${maxAge}`);
  }
}

async function requireCode(client: Reader, field: string, address: Address): Promise<void> {
  if ((await client.getCode({ address })) === undefined) throw new Error(`${field}: there is no contract at ${address}`);
}

/** An answer, or whose it should have been. */
async function ask<T>(field: string, address: Address, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Error(`${field}: ${address} does not answer as one`, { cause });
  }
}
