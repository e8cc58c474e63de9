import { type Address, BaseError, ContractFunctionRevertedError, encodeFunctionData, erc20Abi, type Hex, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createDeployClient, type DeployClient } from "../../../../contracts/deploy/deploy-client.js";
import { execSafeTransaction } from "../../../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { compilePolicy } from "../../../../services/platform/src/session-policy/compile.js";
import type { OnchainPolicyStruct } from "../../../../services/platform/src/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "../../../../services/platform/src/session-policy/parse.js";
import { fund } from "../../world.js";
import { paymentsPolicy } from "../policies.js";
import { hold, made, type Story, USDC } from "../story.js";

const approveAbi = parseAbi(["function approve(address spender, uint256 amount)"]);

export interface Bypass {
  readonly agent: DeployClient;
  readonly policy: OnchainPolicyStruct;
}

/** Arms a session whose key the demo holds itself: Interlock's own keys never leave the vault. */
export async function armOwnKey(story: Story): Promise<Bypass & { readonly transaction: Hex }> {
  const { world, settings } = story.stack;
  const { client, contracts, token, recipients } = world;
  const key = privateKeyToAccount(generatePrivateKey());
  await fund(world, key.address, "1");
  const { timestamp } = await client.getBlock();
  const window = { account: story.safe, chainId: client.chain.id, notBefore: Number(timestamp), notAfter: Number(timestamp) + 86_400 };
  const document = parsePolicyDocument(JSON.stringify({ ...paymentsPolicy(token, made(recipients[0], "a recipient")), ...window }));
  const protocols = { erc20: 1, erc4626: 2 };
  const { policy } = compilePolicy(document, { key: key.address, epoch: 0, rulesBefore: Number(timestamp), protocols });
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  const receipt = await execSafeTransaction(client, { safe: story.safe, to: contracts.sessionModule, data, owners: [story.owner] });
  const agent = createDeployClient({ rpcUrl: settings.rpcUrls[0] ?? "", chain: client.chain, account: key });
  return { agent, policy, transaction: receipt.transactionHash };
}

/** Name of the custom error the module refuses `call` with, or undefined when it would let it through. */
export async function refusal({ agent, policy }: Bypass, module: Address, to: Address, data: Hex): Promise<string | undefined> {
  try {
    const args = [policy, { to, value: 0n, data }, []] as const;
    await agent.simulateContract({ address: module, abi: sessionModuleAbi, functionName: "exec", args, account: agent.account });
    return undefined;
  } catch (error) {
    const revert = error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : undefined;
    if (revert instanceof ContractFunctionRevertedError && revert.data !== undefined) return revert.data.errorName;
    throw error;
  }
}

/** The same four trespasses with the server bypassed: the chain refuses them too. */
export async function bypass(story: Story): Promise<void> {
  const { narrator, stack } = story;
  const { contracts, token, recipients } = stack.world;
  const [payee, other] = [made(recipients[0], "a recipient"), made(recipients[1], "another recipient")];
  const module = contracts.sessionModule;
  const transfer = (to: Address, amount: bigint) => encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] });
  narrator.chapter("The same, with the server bypassed");
  let own: Bypass | undefined;
  await narrator.step("bypass_arm", "A session whose key the demo made itself is armed", async () => {
    const armed = await armOwnKey(story);
    own = armed;
    return { seen: `session key ${armed.policy.key}`, transaction: armed.transaction };
  });
  const expectRefusal = (name: string, title: string, expected: string, data: Hex) =>
    narrator.step(name, title, async () => {
      const seen = await refusal(made(own, "the session"), module, token, data);
      hold(seen === expected, `expected the chain to refuse with ${expected}, saw ${seen ?? "no refusal"}`);
      return { seen: `refused by the chain: ${seen}` };
    });
  await expectRefusal("chain_recipient", "A wrong recipient", "NotInScope", transfer(other, USDC));
  await expectRefusal("chain_amount", "101 USDC where 100 is the most", "PerOpExceeded", transfer(payee, 101n * USDC));
  const approve = encodeFunctionData({ abi: approveAbi, functionName: "approve", args: [payee, 1n] });
  await expectRefusal("chain_selector", "A function that no rule knows", "NotAllowed", approve);
  await narrator.step("chain_ten", "Ten direct operations are mined", async () => {
    const { agent, policy } = made(own, "the session");
    const args = [policy, { to: token, value: 0n, data: transfer(payee, USDC) }, []] as const;
    const first = await agent.getTransactionCount({ address: agent.account.address });
    const send = (nonce: number) =>
      agent.writeContract({ address: module, abi: sessionModuleAbi, functionName: "exec", args, nonce, gas: 300_000n });
    const hashes = await Promise.all(Array.from({ length: 10 }, (_, index) => send(first + index)));
    const receipts = await Promise.all(hashes.map((hash) => agent.waitForTransactionReceipt({ hash })));
    hold(
      receipts.every(({ status }) => status === "success"),
      "a direct operation inside the limits was refused",
    );
    return { seen: "10 mined", transaction: hashes.at(-1) ?? "" };
  });
  await expectRefusal("chain_eleventh", "The eleventh operation in 24 hours", "RateLimited", transfer(payee, USDC));
}
