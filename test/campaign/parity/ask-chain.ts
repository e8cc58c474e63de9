import { BaseError, ContractFunctionRevertedError, decodeAbiParameters, encodeFunctionData, type Hex } from "viem";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import type { ParsedAction } from "../../../services/platform/src/intent/intent.js";
import { until } from "../../support/e2e/until.js";
import type { ParityChain } from "./parity-chain.js";
import type { ParitySession } from "./parity-session.js";

const RECEIPT_MS = 60_000;

/** What the deployed contract says to an action of the session's key at `at` (Unix seconds): `validate`, or a dry run for a batch. */
export async function chainAllows(chain: ParityChain, session: ParitySession, action: ParsedAction, at: bigint): Promise<boolean> {
  const data = calldata(session, action, action.kind !== "batch");
  try {
    const { data: answer } = await chain.client.call({ account: session.key, to: chain.module, data, blockOverrides: { time: at } });
    return action.kind === "batch" || decodeAbiParameters([{ type: "bool" }], answer ?? "0x")[0];
  } catch (error) {
    if (action.kind === "batch" && isRevert(error)) return false;
    throw error;
  }
}

/** Makes the action real in a block at `at`; true when it had its effect. */
export async function execute(chain: ParityChain, session: ParitySession, action: ParsedAction, at: bigint): Promise<boolean> {
  const { client, control, module } = chain;
  await control.setNextBlockTimestamp({ timestamp: at });
  const data = calldata(session, action, false);
  const hash = await control.sendUnsignedTransaction({ from: session.key, to: module, data, gas: 2_000_000n });
  // Asked for again and again: viem's own wait looks only when a block comes, and after this one none does until we go on.
  const receipt = await until(`the receipt of ${hash}`, () => client.getTransactionReceipt({ hash }), RECEIPT_MS);
  return receipt.status === "success";
}

function calldata({ onchain }: ParitySession, action: ParsedAction, dry: boolean): Hex {
  const { policy } = onchain;
  const proofs = onchain.proofFor(action);
  const [proof = []] = proofs;
  switch (action.kind) {
    case "call": {
      const functionName = dry ? "validate" : "exec";
      return encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [policy, action.call, proof] });
    }
    case "adapter": {
      const functionName = dry ? "validateAdapter" : "execAdapter";
      return encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [policy, action.adapter, action.args, proof] });
    }
    case "batch":
      return encodeFunctionData({ abi: sessionModuleAbi, functionName: "execBatch", args: [policy, action.calls, proofs] });
  }
}

function isRevert(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  return (
    error.walk(
      (cause) =>
        cause instanceof ContractFunctionRevertedError ||
        (cause instanceof BaseError && cause.name === "ExecutionRevertedError") ||
        (cause instanceof Error && "code" in cause && cause.code === 3),
    ) !== null
  );
}
