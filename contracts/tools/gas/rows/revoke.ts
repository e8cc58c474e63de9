import { encodeFunctionData, type Hex } from "viem";
import { policyId } from "../../../deploy/policy.js";
import { sessionModuleAbi } from "../../../generated/session-module.js";
import { type Fixture, transferCall, transferPolicy } from "../fixture.js";
import { armGas, gasOf, gasOfSafe } from "../measure.js";
import { type GasRow, row } from "../row.js";

/** Taking power away: an owner's EOA, the Safe, and everything at once. */
export async function revokeRows(fixture: Fixture): Promise<GasRow[]> {
  const { ownerClient, safe, stack } = fixture;
  const byOwner = await armedAndUsed(fixture);
  const bySafe = await armedAndUsed(fixture);
  const disarm = (id: Hex) => encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarm", args: [safe, id] });
  const disarmAll = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] });
  return [
    row("revoke_owner_eoa", await gasOf(ownerClient, stack.sessionModule, disarm(byOwner)), { bar: 46_000 }),
    row("revoke_safe", await gasOfSafe(fixture, stack.sessionModule, disarm(bySafe))),
    row("disarm_all", await gasOf(ownerClient, stack.sessionModule, disarmAll), { note: "the Safe's first, by an owner's EOA" }),
  ];
}

async function armedAndUsed(fixture: Fixture): Promise<Hex> {
  const policy = transferPolicy(fixture);
  await armGas(fixture, policy);
  const args = [policy, transferCall(fixture), []] as const;
  await gasOf(fixture.key, fixture.stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args }));
  return policyId(policy);
}
