import { type Address, encodeFunctionData } from "viem";
import { sessionModuleAbi } from "../../../generated/session-module.js";
import { type Fixture, transferCall, transferPolicy } from "../fixture.js";
import { armGas, armSponsoredGas, gasOf, relayedGas } from "../measure.js";
import { type GasRow, row } from "../row.js";

const ONE_MORE = 45_000;

/** Arming, direct use (first and steady), relayed use (steady: the nonce's word has been touched) and batches. */
export async function useRows(fixture: Fixture): Promise<GasRow[]> {
  const { key, stack } = fixture;
  const policy = transferPolicy(fixture);
  const arm = await armGas(fixture, policy);
  const sponsored = await armSponsoredGas(fixture, transferPolicy(fixture));
  const call = transferCall(fixture);
  const use = (to?: Address) => {
    const args = [policy, to === undefined ? call : transferCall(fixture, to), []] as const;
    return gasOf(key, stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args }));
  };
  const first = await use();
  const steady = await use();
  await relayedGas(fixture, policy, call, 0n);
  const relayed = await relayedGas(fixture, policy, call, 1n);
  const batch = (size: number) => {
    const args = [policy, Array.from({ length: size }, () => call), Array.from({ length: size }, () => [])] as const;
    return gasOf(key, stack.sessionModule, encodeFunctionData({ abi: sessionModuleAbi, functionName: "execBatch", args }));
  };
  const pair = await batch(2);
  const four = await batch(4);
  return [
    row("arm", arm, { bar: 95_000, note: "one Safe transaction signed by the owner" }),
    row("arm_sponsored", sponsored, { note: "armWithSig, sent by anyone" }),
    row("use_first", first),
    row("use_direct", steady, { bar: 85_000, note: "sent by the session key" }),
    row("use_relayed", relayed, { bar: 98_000, note: "EIP-712 intent, sent by anyone" }),
    row("batch_2", pair, { bar: steady + ONE_MORE }),
    row("batch_4", four, { bar: steady + 3 * ONE_MORE }),
  ];
}

/** The same steady use to a recipient that is not its protocol's first, which costs one more storage read. */
export async function otherRecipientRow(fixture: Fixture): Promise<GasRow> {
  const { key, stack, otherRecipient } = fixture;
  const policy = transferPolicy(fixture, otherRecipient);
  await armGas(fixture, policy);
  const args = [policy, transferCall(fixture, otherRecipient), []] as const;
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args });
  await gasOf(key, stack.sessionModule, data);
  return row("use_direct_other", await gasOf(key, stack.sessionModule, data), { note: "a recipient that is not the protocol's first" });
}
