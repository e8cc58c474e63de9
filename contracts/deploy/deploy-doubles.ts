import { type Address, encodeDeployData, encodeFunctionData, stringToHex } from "viem";
import { feedDoubleAbi, feedDoubleBytecode } from "../generated/testing/feed-double.js";
import { gmxDoubleAbi, gmxDoubleBytecode } from "../generated/testing/gmx-double.js";
import { swapRouterDoubleAbi, swapRouterDoubleBytecode } from "../generated/testing/swap-router-double.js";
import type { DeployClient } from "./deploy-client.js";
import { deployTestToken, mintTestToken } from "./deploy-test-token.js";
import { sendAndWait } from "./send-and-wait.js";
import { deployThroughFactory, ensureSingletonFactory } from "./singleton-factory.js";
import type { GmxOptions, SwapOptions, TokenFeed } from "./stack-options.js";

/** The doubles' one market, and a price of 3,000 USD for the token it follows. */
export const DOUBLE_MARKET: Address = "0x00000000000000000000000000000000000a11e7";
export const DOUBLE_ETH_PRICE = 3_000n * 10n ** 12n;
const CHAINLINK_DECIMALS = 8;
const YEAR = 31_536_000;

/** TEST DOUBLES of markets whose licences keep the originals out: their published ABI and rules of authority. */
export interface Doubles {
  readonly gmx: GmxOptions;
  readonly swap: SwapOptions;
  /** What the swap double pays out. */
  readonly outputToken: Address;
  readonly ethFeed: Address;
}

/** Deploys the doubles for `collateral` (6 decimals, worth one USD). For tests and local stacks. */
export async function deployDoubles(client: DeployClient, collateral: Address): Promise<Doubles> {
  await ensureSingletonFactory(client);
  const exchangeRouter = await deployThroughFactory(
    client,
    encodeDeployData({ abi: gmxDoubleAbi, bytecode: gmxDoubleBytecode, args: [10n ** 15n] }),
  );
  const part = (functionName: "router" | "orderVault" | "dataStore" | "wnt") =>
    client.readContract({ address: exchangeRouter, abi: gmxDoubleAbi, functionName });
  const indexToken = await part("wnt");
  const outputToken = await deployTestToken(client, { name: "Wrapped Ether", symbol: "WETH", decimals: 18 });
  const usdFeed = await deployFeed(client, 10n ** 8n);
  const ethFeed = await deployFeed(client, 3_000n * 10n ** 8n);
  const usd: TokenFeed = { token: collateral, feed: usdFeed, tokenDecimals: 6, maxAge: YEAR };
  const eth = (token: Address): TokenFeed => ({ token, feed: ethFeed, tokenDecimals: 18, maxAge: YEAR });
  const addresses = {
    exchangeRouter,
    router: await part("router"),
    orderVault: await part("orderVault"),
    dataStore: await part("dataStore"),
    uiFeeReceiver: "0x0000000000000000000000000000000000000000",
    referralCode: stringToHex("interlock", { size: 32 }),
  } as const;
  const gmx = {
    addresses,
    caps: { maxSizeUsd: 100_000n * 10n ** 30n, maxExecutionFee: 10n ** 16n, maxLeverage: 10, closeSlippageBps: 500 },
    markets: [{ market: DOUBLE_MARKET, indexToken }],
    collaterals: [collateral],
    feeds: [usd, eth(indexToken)],
  };
  const router = await deployRouter(client, collateral, outputToken);
  return { gmx, swap: { router, outputs: [outputToken], feeds: [usd, eth(outputToken)] }, outputToken, ethFeed };
}

function deployFeed(client: DeployClient, answer: bigint): Promise<Address> {
  const args = [CHAINLINK_DECIMALS, answer] as const;
  return deployThroughFactory(client, encodeDeployData({ abi: feedDoubleAbi, bytecode: feedDoubleBytecode, args }));
}

/** Pays 1 WETH for 3,000 of the collateral. */
async function deployRouter(client: DeployClient, tokenIn: Address, tokenOut: Address): Promise<Address> {
  const router = await deployThroughFactory(client, encodeDeployData({ abi: swapRouterDoubleAbi, bytecode: swapRouterDoubleBytecode }));
  const rate = [tokenIn, tokenOut, 10n ** 18n, 3_000n * 10n ** 6n] as const;
  await sendAndWait(client, {
    to: router,
    data: encodeFunctionData({ abi: swapRouterDoubleAbi, functionName: "setRate", args: rate }),
  });
  await mintTestToken(client, tokenOut, router, 1_000_000n * 10n ** 18n);
  return router;
}
