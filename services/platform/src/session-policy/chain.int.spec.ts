import { encodeFunctionData, getAddress, parseEventLogs } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execSafeTransaction } from "../../../../contracts/deploy/exec-safe-transaction.js";
import { safeAbi } from "../../../../contracts/deploy/safe-abi.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { type ParityChain, startParityChain } from "../../../../test/campaign/parity/parity-chain.js";
import { packSignatures, recoverOwners } from "../safe/owner-signatures.js";
import { safeMessageHash } from "../safe/safe-message.js";
import { safeTransactionHash } from "../safe/safe-transaction.js";
import { armDigest } from "./arm-digest.js";
import { compilePolicy } from "./compile.js";
import { policyId } from "./onchain-policy.js";
import { KEY, policyDocument, transferRule } from "./policy-document.builder.js";

const owner = mnemonicToAccount("test test test test test test test test test test test junk");
let chain: ParityChain;
beforeAll(async () => {
  chain = await startParityChain();
});
afterAll(() => chain.stop());

/** A policy of two recipients on the chain's own token and Safe. */
async function compiled(keyLastByte: string) {
  const now = Number((await chain.client.getBlock()).timestamp);
  const [token] = chain.tokens;
  const rule = transferRule({
    target: token,
    where: { op: "in", path: "to", values: chain.recipients },
    spends: [{ token, path: "amount", kind: "transfer" }],
  });
  const budgets = [{ token, perOp: "5", perWindow: "9", windowSeconds: 60 }];
  const document = policyDocument({ account: chain.safe, notBefore: now, notAfter: now + 3_600, rules: [rule], budgets });
  const key = getAddress(`${KEY.slice(0, -2)}${keyLastByte}`);
  return compilePolicy(document, { key, epoch: 0, rulesBefore: now, protocols: chain.protocols }).policy;
}

it("computes the very id under which the contract arms the policy, and the contract's own struct", async () => {
  const policy = await compiled("01");
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  const { logs } = await execSafeTransaction(chain.client, { safe: chain.safe, to: chain.module, data, owners: [owner] });
  const [armed] = parseEventLogs({ abi: sessionModuleAbi, eventName: "Armed", logs });
  expect(armed?.args.id).toBe(policyId(policy));
  expect(armed && policyId(armed.args.policy)).toBe(policyId(policy));
});

it("makes the digest that the Safe accepts for armWithSig, signed by its owner as a SafeMessage", async () => {
  const policy = await compiled("02");
  const deadline = (await chain.client.getBlock()).timestamp + 3_600n;
  const digest = armDigest({ chainId: BigInt(chain.chainId), module: chain.module, policy, armNonce: 7n, deadline });
  const hash = safeMessageHash({ safe: chain.safe, chainId: BigInt(chain.chainId), digest });
  const packed = packSignatures([{ owner: owner.address, signature: await owner.sign({ hash }) }]);
  expect(await recoverOwners(hash, packed)).toEqual([owner.address]);
  const args = [policy, 7n, Number(deadline), packed] as const;
  const { request } = await chain.client.simulateContract({
    address: chain.module,
    abi: sessionModuleAbi,
    functionName: "armWithSig",
    args,
  });
  const receipt = await chain.client.waitForTransactionReceipt({ hash: await chain.client.writeContract(request) });
  expect(receipt.status).toBe("success");
  const status = await chain.client.readContract({
    address: chain.module,
    abi: sessionModuleAbi,
    functionName: "status",
    args: [chain.safe, policyId(policy)],
  });
  expect(status[0]).toBe(true);
});

it("computes the Safe's own transaction hash", async () => {
  const nonce = await chain.client.readContract({ address: chain.safe, abi: safeAbi, functionName: "nonce" });
  const transaction = {
    safe: chain.safe,
    chainId: BigInt(chain.chainId),
    to: chain.module,
    value: 3n,
    data: "0x1234",
    operation: 0,
    nonce,
  } as const;
  const zero = "0x0000000000000000000000000000000000000000";
  const hash = await chain.client.readContract({
    address: chain.safe,
    abi: [
      {
        type: "function",
        name: "getTransactionHash",
        stateMutability: "view",
        inputs: ["address", "uint256", "bytes", "uint8", "uint256", "uint256", "uint256", "address", "address", "uint256"].map((type) => ({
          type,
        })),
        outputs: [{ type: "bytes32" }],
      },
    ] as const,
    functionName: "getTransactionHash",
    args: [chain.module, 3n, "0x1234", 0, 0n, 0n, 0n, zero, zero, nonce],
  });
  expect(safeTransactionHash(transaction)).toBe(hash);
});
