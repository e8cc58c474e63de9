import { type Address, encodeFunctionData, type Hex } from "viem";
import { DOUBLE_ETH_PRICE, DOUBLE_MARKET } from "../../../../contracts/deploy/deploy-doubles.js";
import { executeLastOrder, positionCount } from "../../../../contracts/deploy/gmx-keeper.js";
import { gmxExchangeRouterAbi } from "../../../../contracts/generated/gmx-exchange-router.js";
import { gmxOperationsAbi } from "../../../../contracts/generated/gmx-operations.js";
import { fund } from "../../world.js";
import { tradingPolicy } from "../policies.js";
import { type DemoSession, hold, made, type Story, USDC } from "../story.js";
import { armOwnKey, refusal } from "./bypass.js";
import { draftAndSign, employAgent } from "./grant.js";
import { reasonsOf } from "./use.js";

const FEE = 2n * 10n ** 15n;
const WORST_CLOSE = (DOUBLE_ETH_PRICE * 99n) / 100n;
const REFUSED = 3;

/** A third session trades on a market that stands for GMX v2, through the adapter's typed fields only. */
export async function trading(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { contracts, token, client } = stack.world;
  const doubles = made(stack.world.doubles, "the GMX double");
  const adapter = made(contracts.gmxAdapter, "the GMX adapter");
  narrator.chapter("Orders on a perpetuals market (a double of GMX v2)");
  let session: DemoSession | undefined;
  const kept = () => ({ client, doubles, safe: story.safe });
  const order = async (args: Hex) => {
    const { sessionId } = made(session, "the session");
    const done = await story.agentCli.must("exec", sessionId, "--adapter", adapter, "--args", args);
    await executeLastOrder(kept());
    return String(done.transactionHash);
  };
  await narrator.step("trading_session", "A third grant: longs and shorts on one market, price within 1 % of the feed", async () => {
    await fund(stack.world, story.safe, "1");
    const granted = await draftAndSign(story, "trading", tradingPolicy(token, adapter, DOUBLE_MARKET));
    await story.ownerCli.must("confirm", granted.sessionId, "--tx", granted.transactionHash);
    session = granted;
    await employAgent(story, granted);
    return { seen: "the market, the collateral, the fee and the price are bounded", transaction: granted.transactionHash };
  });
  await narrator.step("gmx_open", "The agent opens a long of 500 USD on 100 USDC; the keeper fills it", async () => {
    const transaction = await order(openArgs(token, true));
    const open = await positionCount(kept());
    hold(open === 1n, `the Safe has ${open} positions, expected 1`);
    return { seen: "the position is the Safe's own", transaction };
  });
  await narrator.step("gmx_raw", "A raw multicall of the exchange router, by the agent and with the server bypassed", async () => {
    const to = doubles.gmx.addresses.exchangeRouter;
    const data = encodeFunctionData({ abi: gmxExchangeRouterAbi, functionName: "multicall", args: [[]] });
    const { sessionId } = made(session, "the session");
    const result = await story.agentCli.run("exec", sessionId, "--to", to, "--data", data);
    hold(result.code === REFUSED, `expected a refusal, got exit ${result.code}: ${JSON.stringify(result.json)}`);
    const seen = await refusal(await armOwnKey(story), contracts.sessionModule, to, data);
    hold(seen === "NotAllowed", `expected the chain to refuse with NotAllowed, saw ${seen ?? "no refusal"}`);
    return { seen: `refused by the server: ${reasonsOf(result)}; by the chain: ${seen}` };
  });
  await narrator.step("gmx_close", "The agent closes it; the collateral comes back to the Safe", async () => {
    const args = [DOUBLE_MARKET, token, true, WORST_CLOSE, FEE] as const;
    const transaction = await order(encodeFunctionData({ abi: gmxOperationsAbi, functionName: "close", args }));
    const open = await positionCount(kept());
    hold(open === 0n, `the Safe has ${open} positions, expected none`);
    return { seen: "no position is open", transaction };
  });
  await narrator.step("gmx_both", "A long and a short are opened and stay open", async () => {
    await order(openArgs(token, true));
    const transaction = await order(openArgs(token, false));
    return { seen: `${await positionCount(kept())} positions are open`, transaction };
  });
}

function openArgs(token: Address, isLong: boolean): Hex {
  const args = [DOUBLE_MARKET, token, isLong, 100n * USDC, 500n * 10n ** 30n, DOUBLE_ETH_PRICE, FEE] as const;
  return encodeFunctionData({ abi: gmxOperationsAbi, functionName: "open", args });
}
