import { type Address, encodeFunctionData, type Hex, hashTypedData } from "viem";
import type { DeployClient } from "../../deploy/deploy-client.js";
import { execSafeTransaction } from "../../deploy/exec-safe-transaction.js";
import { type OnchainPolicy, policyId } from "../../deploy/policy.js";
import { sendAndWait } from "../../deploy/send-and-wait.js";
import { sessionModuleAbi } from "../../generated/session-module.js";
import type { Fixture } from "./fixture.js";

/** gasUsed of the whole outer transaction. */
export async function gasOf(client: DeployClient, to: Address, data: Hex, value = 0n): Promise<number> {
  return Number((await sendAndWait(client, { to, data, value })).gasUsed);
}

/** Gas of a Safe transaction signed by the owner. */
export async function gasOfSafe({ client, safe, owner }: Fixture, to: Address, data: Hex): Promise<number> {
  return Number((await execSafeTransaction(client, { safe, to, data, owners: [owner] })).gasUsed);
}

/** Arms through the Safe and returns the gas. */
export function armGas(fixture: Fixture, policy: OnchainPolicy): Promise<number> {
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
  return gasOfSafe(fixture, fixture.stack.sessionModule, data);
}

/** One relayed use: the key signs, the fixture's deployer pays. */
export async function relayedGas(fixture: Fixture, policy: OnchainPolicy, call: { to: Address; value: bigint; data: Hex }, nonce: bigint) {
  const { client, keyAccount, stack } = fixture;
  const deadline = policy.validUntil;
  const signature = await keyAccount.signTypedData({
    domain: { name: "Interlock SessionModule", version: "1", chainId: client.chain.id, verifyingContract: stack.sessionModule },
    types: {
      Exec: [
        { name: "id", type: "bytes32" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "data", type: "bytes" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint48" },
      ],
    },
    primaryType: "Exec",
    message: { id: policyId(policy), ...call, nonce, deadline },
  });
  const args = [policy, call, [], nonce, deadline, signature] as const;
  return gasOf(client, stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "execSigned", args }));
}

/** Arms by the Safe's ERC-1271 signature; the fixture's deployer pays. */
export async function armSponsoredGas({ client, owner, safe, stack }: Fixture, policy: OnchainPolicy): Promise<number> {
  const domain = { name: "Interlock SessionModule", version: "1", chainId: client.chain.id, verifyingContract: stack.sessionModule };
  const [armNonce, deadline] = [1n, policy.validUntil];
  const digest = hashTypedData({
    domain,
    types: { Arm: ARM },
    primaryType: "Arm",
    message: { id: policyId(policy), policyHash: policy.policyHash, key: policy.key, validUntil: policy.validUntil, armNonce, deadline },
  });
  const signature = await owner.signTypedData({
    domain: { chainId: client.chain.id, verifyingContract: safe },
    types: { SafeMessage: [{ name: "message", type: "bytes" }] },
    primaryType: "SafeMessage",
    message: { message: digest },
  });
  const args = [policy, armNonce, deadline, signature] as const;
  return gasOf(client, stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "armWithSig", args }));
}

const ARM = [
  { name: "id", type: "bytes32" },
  { name: "policyHash", type: "bytes32" },
  { name: "key", type: "address" },
  { name: "validUntil", type: "uint40" },
  { name: "armNonce", type: "uint256" },
  { name: "deadline", type: "uint48" },
] as const;
