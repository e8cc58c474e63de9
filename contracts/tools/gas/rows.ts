import { encodeFunctionData } from "viem";
import { RULE_KIND } from "../../deploy/genesis.js";
import { policyId } from "../../deploy/policy.js";
import { policyRegistryAbi } from "../../generated/policy-registry.js";
import { sessionModuleAbi } from "../../generated/session-module.js";
import { vaultOperationsAbi } from "../../generated/vault-operations.js";
import { type Fixture, TRANSFER, transferCall, transferPolicy, USDC, vaultPolicy } from "./fixture.js";
import { armGas, gasOf, gasOfSafe, relayedGas } from "./measure.js";

/** One line of the gas table. `bar` is the most the value may be. */
export interface GasRow {
  readonly name: string;
  readonly value: number;
  readonly unit: "gas";
  readonly bar?: number;
  readonly note?: string;
}

/** Arming, direct use (first and steady) and relayed use (steady: the nonce's word has been touched). */
export async function useRows(fixture: Fixture): Promise<GasRow[]> {
  const module = fixture.stack.sessionModule;
  const policy = await transferPolicy(fixture);
  const arm = await armGas(fixture, policy);
  const call = transferCall(fixture);
  const exec = encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args: [policy, call, []] });
  const first = await gasOf(fixture.key, module, exec);
  const steady = await gasOf(fixture.key, module, exec);
  await relayedGas(fixture, policy, call, 0n);
  const relayed = await relayedGas(fixture, policy, call, 1n);
  const pair = encodeFunctionData({ abi: sessionModuleAbi, functionName: "execBatch", args: [policy, [call, call], [[], []]] });
  const batch2 = await gasOf(fixture.key, module, pair);
  const four = encodeFunctionData({
    abi: sessionModuleAbi,
    functionName: "execBatch",
    args: [policy, [call, call, call, call], [[], [], [], []]],
  });
  const batch4 = await gasOf(fixture.key, module, four);
  return [
    { name: "arm", value: arm, unit: "gas", bar: 95_000, note: "one Safe transaction signed by the owner" },
    { name: "use_first", value: first, unit: "gas" },
    { name: "use_direct", value: steady, unit: "gas", bar: 85_000, note: "sent by the session key" },
    { name: "use_relayed", value: relayed, unit: "gas", bar: 98_000, note: "EIP-712 intent, sent by anyone" },
    { name: "batch_2", value: batch2, unit: "gas", bar: steady + 45_000 },
    { name: "batch_4", value: batch4, unit: "gas", bar: steady + 3 * 45_000 },
  ];
}

/** Taking power away: an owner's EOA, the Safe, and everything at once. */
export async function revokeRows(fixture: Fixture): Promise<GasRow[]> {
  const { safe, stack } = fixture;
  const byOwner = await armedAndUsed(fixture);
  const bySafe = await armedAndUsed(fixture);
  const disarm = (id: `0x${string}`) => encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarm", args: [safe, id] });
  const disarmAll = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] });
  return [
    { name: "revoke_owner_eoa", value: await gasOf(fixture.ownerClient, stack.sessionModule, disarm(byOwner)), unit: "gas", bar: 46_000 },
    { name: "revoke_safe", value: await gasOfSafe(fixture, stack.sessionModule, disarm(bySafe)), unit: "gas" },
    {
      name: "disarm_all",
      value: await gasOf(fixture.ownerClient, stack.sessionModule, disarmAll),
      unit: "gas",
      note: "the Safe's first, by an owner's EOA",
    },
  ];
}

/** ERC-4626 through the adapter, and one position closed in an emergency. */
export async function vaultRows(fixture: Fixture): Promise<GasRow[]> {
  const { key, safe, stack, vault } = fixture;
  const policy = await vaultPolicy(fixture);
  await armGas(fixture, policy);
  const operate = (functionName: "deposit" | "redeem", amount: bigint) => {
    const args = encodeFunctionData({ abi: vaultOperationsAbi, functionName, args: [vault, amount] });
    const execArgs = [policy, stack.vaultAdapter, args, []] as const;
    return gasOf(key, stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "execAdapter", args: execArgs }));
  };
  const first = await operate("deposit", 10n * USDC);
  const deposit = await operate("deposit", 10n * USDC);
  const redeem = await operate("redeem", 5n * USDC);
  const close = encodeFunctionData({ abi: sessionModuleAbi, functionName: "emergencyCloseAll", args: [safe] });
  return [
    { name: "vault_deposit_first", value: first, unit: "gas", note: "also lists the vault for emergency close" },
    { name: "vault_deposit", value: deposit, unit: "gas" },
    { name: "vault_redeem", value: redeem, unit: "gas" },
    { name: "close_1", value: await gasOf(fixture.ownerClient, stack.sessionModule, close), unit: "gas" },
  ];
}

/** What one more protocol costs, once for every user. */
export async function protocolRows({ client, stack, vault }: Fixture): Promise<GasRow[]> {
  const registry = stack.policyRegistry;
  const rule = { enabledAt: 0, protocolId: 3, recipientArg: 0, amountArg: 1, kind: RULE_KIND.transfer, exactLength: 68 };
  const target = "0x00000000000000000000000000000000000c0de1";
  const send = (data: `0x${string}`) => gasOf(client, registry, data);
  const addRule = await send(encodeFunctionData({ abi: policyRegistryAbi, functionName: "queueRule", args: [target, TRANSFER, rule] }));
  const addRecipient = await send(encodeFunctionData({ abi: policyRegistryAbi, functionName: "queueRecipient", args: [3, vault] }));
  const other = "0x00000000000000000000000000000000000c0de2";
  const protocol = { ...rule, protocolId: 4 };
  const addBoth = await send(
    encodeFunctionData({ abi: policyRegistryAbi, functionName: "queueProtocol", args: [other, TRANSFER, protocol, [vault]] }),
  );
  const remove = await send(encodeFunctionData({ abi: policyRegistryAbi, functionName: "removeRule", args: [target, TRANSFER] }));
  const pause = await send(encodeFunctionData({ abi: policyRegistryAbi, functionName: "pauseProtocol", args: [3] }));
  return [
    { name: "protocol_add_rule", value: addRule, unit: "gas" },
    { name: "protocol_add_recipient", value: addRecipient, unit: "gas" },
    { name: "protocol_add_total", value: addBoth, unit: "gas", bar: 95_000, note: "rule + recipient in one transaction, 0 signatures" },
    { name: "protocol_remove", value: remove, unit: "gas" },
    { name: "protocol_pause", value: pause, unit: "gas" },
  ];
}

async function armedAndUsed(fixture: Fixture): Promise<`0x${string}`> {
  const policy = await transferPolicy(fixture);
  await armGas(fixture, policy);
  const args = [policy, transferCall(fixture), []] as const;
  await gasOf(fixture.key, fixture.stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args }));
  return policyId(policy);
}
