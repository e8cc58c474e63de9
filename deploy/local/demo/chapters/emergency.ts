import { erc20Abi, type Hex, type TransactionSerializableEIP1559 } from "viem";
import { z } from "zod";
import { executeLastOrder, positionCount } from "../../../../contracts/deploy/gmx-keeper.js";
import { SERVICES } from "../../service-environment.js";
import { hold, made, type Story, USDC } from "../story.js";
import { SAFE_START } from "./setting.js";

const hex = z.templateLiteral(["0x", z.string()]);
const prepared = z.object({
  transaction: z.object({
    chainId: z.number(),
    to: hex,
    data: hex,
    nonce: z.number(),
    gas: z.string(),
    maxFeePerGas: z.string(),
    maxPriorityFeePerGas: z.string(),
    value: z.string(),
  }),
});
/** Wei for the market's execution fees; what is not needed comes back. */
const FEES = "4000000000000000";
const submitted = z.object({ transactionHash: hex });

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  hold(response.ok, `${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Every service but lifeline dies, the database too; the owner closes everything all the same. */
export async function emergency(story: Story): Promise<void> {
  const { narrator, stack, owner } = story;
  const { client, token, vault } = stack.world;
  const balance = (of: Hex, asset: Hex) => client.readContract({ address: asset, abi: erc20Abi, functionName: "balanceOf", args: [of] });
  const kept = { client, doubles: made(stack.world.doubles, "the GMX double"), safe: story.safe };
  narrator.chapter("Emergency");
  await narrator.step("kill", "Every service but lifeline is killed (SIGKILL), and Postgres with them", async () => {
    await made(story.outsider, "the outsider").stop();
    const victims = SERVICES.filter((name) => name !== "lifeline");
    await Promise.all([...victims.map((name) => stack.process(name).kill()), stack.postgres.kill()]);
    const alive = SERVICES.filter((name) => stack.process(name).alive());
    hold(alive.length === 1 && alive[0] === "lifeline", `alive: ${alive.join(", ")}`);
    return { seen: `killed: ${victims.join(", ")}` };
  });
  await narrator.step(
    "emergency_close",
    "One transaction of the owner, through lifeline, closes a vault position, a long and a short",
    async () => {
      const shares = await balance(story.safe, vault);
      hold(shares > 0n, "there is no position to close");
      const { transaction } = prepared.parse(
        await post(`${stack.lifelineUrl}/emergency/prepare`, { account: story.safe, owner: owner.address, value: FEES }),
      );
      const unsigned: TransactionSerializableEIP1559 = {
        type: "eip1559",
        chainId: transaction.chainId,
        to: transaction.to,
        data: transaction.data,
        nonce: transaction.nonce,
        value: BigInt(transaction.value),
        gas: BigInt(transaction.gas),
        maxFeePerGas: BigInt(transaction.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(transaction.maxPriorityFeePerGas),
      };
      const rawTransaction = await owner.signTransaction(unsigned);
      const { transactionHash } = submitted.parse(await post(`${stack.lifelineUrl}/emergency/submit`, { rawTransaction }));
      const receipt = await client.waitForTransactionReceipt({ hash: transactionHash });
      hold(receipt.status === "success", "the close was refused on chain");
      for (let open = await positionCount(kept); open > 0n; open -= 1n) await executeLastOrder(kept);
      hold((await positionCount(kept)) === 0n, "a position is still open at the market");
      const [left, home] = await Promise.all([balance(story.safe, vault), balance(story.safe, token)]);
      const expected = SAFE_START - story.paid - 10n * USDC;
      hold(left === 0n, `${left} shares are still in the vault`);
      hold(home === expected, `the Safe holds ${home}, expected ${expected}`);
      return {
        seen: `${shares} shares redeemed, two positions closed; the Safe holds ${home / USDC} USDC again`,
        transaction: transactionHash,
      };
    },
  );
}
