import { type Address, encodeFunctionData, type Hex, numberToHex, prepareEncodeFunctionData } from "viem";
import type { ParsedAction } from "#platform/intent/intent.js";
import type { OnchainPolicyStruct } from "#platform/session-policy/onchain-policy.js";
import { sessionModuleAbi } from "../../../../../contracts/generated/session-module.js";
import type { ChainError } from "../../domain/chain-reason.js";
import { decodeChainError } from "./chain-errors.js";
import type { Providers } from "./providers.js";
import { chainAway, rpcFailure } from "./rpc-failure.js";

// Without this the selector is hashed anew for each call.
const EXEC = prepareEncodeFunctionData({ abi: sessionModuleAbi, functionName: "exec" });
const EXEC_BATCH = prepareEncodeFunctionData({ abi: sessionModuleAbi, functionName: "execBatch" });
const EXEC_ADAPTER = prepareEncodeFunctionData({ abi: sessionModuleAbi, functionName: "execAdapter" });

/** A call as the chain would execute it. */
export interface SimulatedCall {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
}

/** Gas on top of the key's own call: recovering the signature, using the nonce, hashing the intent, longer calldata. */
const SIGNED_OVERHEAD = 60_000n;

/** Tries calls on the newest block without sending them. */
export class Simulator {
  constructor(private readonly providers: Providers) {}

  /** Undefined when the call would succeed, else what the chain says. @throws DEPENDENCY_UNAVAILABLE when no node answers */
  async refusal(call: SimulatedCall, at: bigint | "latest" = "latest"): Promise<ChainError | undefined> {
    try {
      await this.providers.reads.request({ method: "eth_call", params: [call, at === "latest" ? at : numberToHex(at)] });
      return undefined;
    } catch (error) {
      return revertOf(error);
    }
  }

  /** Gas limit with room to spare, or what the chain says against the call. */
  async gas(call: SimulatedCall): Promise<bigint | ChainError> {
    try {
      const estimate = BigInt(await this.providers.reads.request({ method: "eth_estimateGas", params: [call] }));
      return estimate + estimate / 4n + SIGNED_OVERHEAD;
    } catch (error) {
      return revertOf(error);
    }
  }
}

/**
 * The call that has the effect of a signed intent without its signature: made by the key itself. It shows every refusal of the module,
 * the registry, the Safe and the target, before anything is authorised or signed.
 */
export function keyCall(
  module: Address,
  policy: OnchainPolicyStruct,
  action: ParsedAction,
  proofs: readonly (readonly Hex[])[],
): SimulatedCall {
  return { from: policy.key, to: module, data: keyCalldata(policy, action, proofs) };
}

function keyCalldata(policy: OnchainPolicyStruct, action: ParsedAction, proofs: readonly (readonly Hex[])[]): Hex {
  const [proof = []] = proofs;
  switch (action.kind) {
    case "call":
      return encodeFunctionData({ ...EXEC, args: [policy, action.call, proof] });
    case "batch":
      return encodeFunctionData({ ...EXEC_BATCH, args: [policy, action.calls, proofs] });
    case "adapter":
      return encodeFunctionData({ ...EXEC_ADAPTER, args: [policy, action.adapter, action.args, proof] });
  }
}

function revertOf(error: unknown): ChainError {
  const failure = rpcFailure(error);
  if (failure.class !== "revert") throw chainAway(error);
  return decodeChainError(failure.data);
}
