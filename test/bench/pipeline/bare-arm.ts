import { type Address, encodeFunctionData } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { fund } from "../../../deploy/local/world.js";
import { encodeExecSigned } from "../../../services/platform/src/intent/encode-exec-signed.js";
import { digestOf } from "../../../services/platform/src/intent/intent-digest.js";
import { parseIntent } from "../../../services/platform/src/intent/parse-intent.js";
import { compilePolicy } from "../../../services/platform/src/session-policy/compile.js";
import { policyId } from "../../../services/platform/src/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "../../../services/platform/src/session-policy/parse.js";
import { payees, payments } from "../../support/e2e/documents.js";
import { transfer } from "../../support/e2e/execution.js";
import { newSafe, USDC } from "../../support/e2e/safe.js";

const GAS = 400_000n;
const FEE = 20_000_000_000n;

/** A session whose key this program holds, armed by the Safe itself. */
async function armOwn(stack: Stack) {
  const { world } = stack;
  const safe = await newSafe(stack);
  const key = privateKeyToAccount(generatePrivateKey());
  const { timestamp } = await world.client.getBlock();
  const now = Number(timestamp);
  const window = { account: safe.address, chainId: world.client.chain.id, notBefore: now, notAfter: now + 86_400 };
  const limits = { perWindow: 1_000_000n * USDC, max: 0 };
  const document = parsePolicyDocument(JSON.stringify({ ...payments(world, limits), ...window }));
  const { policy } = compilePolicy(document, { key: key.address, epoch: 0, rulesBefore: now, protocols: { erc20: 1, erc4626: 2 } });
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  await execSafeTransaction(world.client, { safe: safe.address, to: world.contracts.sessionModule, data, owners: [...safe.owners] });
  return { key, policy };
}

/** The bare loop: its own nonce counter, intent and transaction signed here, sendRawTransaction, nothing else. */
export async function bareArm(stack: Stack, sessions: number): Promise<(nth: number) => Promise<void>> {
  const { client, contracts, token } = stack.world;
  const module: Address = contracts.sessionModule;
  const sender = privateKeyToAccount(generatePrivateKey());
  await fund(stack.world, sender.address, "1000");
  const armed: Awaited<ReturnType<typeof armOwn>>[] = [];
  for (let count = 0; count < sessions; count++) armed.push(await armOwn(stack));
  let nonce = 0;
  return async (nth) => {
    const session = armed[nth % armed.length];
    if (session === undefined) throw new Error("the bare loop needs a session");
    const own = nonce++;
    const intent = parseIntent({
      chainId: String(client.chain.id),
      module,
      policyId: policyId(session.policy),
      action: transfer(token, payees(stack.world)[0], 1n),
      nonce: String(own),
      deadline: String(Math.floor(Date.now() / 1_000) + 100),
    });
    const signature = await session.key.sign({ hash: digestOf(intent) });
    const serializedTransaction = await sender.signTransaction({
      chainId: client.chain.id,
      to: module,
      data: encodeExecSigned(session.policy, intent, [[]], signature),
      nonce: own,
      gas: GAS,
      maxFeePerGas: FEE,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
    await client.sendRawTransaction({ serializedTransaction });
  };
}
