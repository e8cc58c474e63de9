import { type Address, erc20Abi } from "viem";
import type { DeployClient } from "../../../contracts/deploy/deploy-client.js";

/** How many payments of one unit the recipient ever got: what is mined, asked of the chain itself for both arms. */
export async function minedCount(client: DeployClient, token: Address, recipient: Address): Promise<number> {
  return Number(await client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [recipient] }));
}

/** How an arm is driven. */
export interface Load {
  /** How long the arm is driven before the count begins: until then it fills, and what it takes in is not yet mined. */
  readonly rampSeconds: number;
  /** How long is counted. */
  readonly seconds: number;
  readonly inFlight: number;
  readonly senders: number;
  readonly mined: () => Promise<number>;
}

/**
 * Mined per second over `seconds` of saturation, with up to `inFlight` operations sent and not yet mined; ends once the chain has taken
 * what was sent.
 * @param send sends the nth operation; resolves when the arm has accepted it
 */
export async function saturate(
  options: Load,
  send: (nth: number) => Promise<void>,
): Promise<{ readonly rate: number; readonly sent: number }> {
  const { rampSeconds, seconds, inFlight, senders } = options;
  const before = await options.mined();
  const begin = performance.now();
  const passed = () => (performance.now() - begin) / 1_000;
  let [sent, seen] = [0, 0];
  const sender = async () => {
    while (passed() < rampSeconds + seconds) {
      if (sent - seen >= inFlight) await pause(20);
      else await send(sent++);
    }
  };
  const look = async () => {
    seen = (await options.mined()) - before;
    return { seen, at: passed() };
  };
  const until = async (end: number) => {
    for (let now = await look(); ; now = await look()) {
      if (now.at >= end) return now;
      await pause(Math.min(200, (end - now.at) * 1_000));
    }
  };
  const watcher = async () => {
    const from = await until(rampSeconds);
    const to = await until(rampSeconds + seconds);
    return (to.seen - from.seen) / (to.at - from.at);
  };
  const [rate] = await Promise.all([watcher(), ...Array.from({ length: senders }, sender)]);
  for (const end = Date.now() + 60_000; (await options.mined()) - before < sent; await pause(200)) {
    if (Date.now() > end) throw new Error(`${sent} operations were sent, ${(await options.mined()) - before} were mined`);
  }
  return { rate, sent };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
