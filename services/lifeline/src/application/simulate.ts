import type { Address, Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { RpcFleet } from "../adapters/rpc-fleet.js";

/** Asks the chain whether a call would go through. @throws InterlockError SIMULATION_FAILED with the chain's words, DEPENDENCY_UNAVAILABLE */
export async function simulate(
  chain: Pick<RpcFleet, "simulate">,
  from: Address,
  call: { readonly to: Address; readonly data: Hex; readonly value: bigint },
): Promise<void> {
  try {
    await chain.simulate({ account: from, ...call });
  } catch (error) {
    if (error instanceof InterlockError) throw error;
    const shortMessage = error instanceof Error && "shortMessage" in error ? String(error.shortMessage) : "reverted";
    throw new InterlockError("SIMULATION_FAILED", `the chain would refuse this: ${shortMessage}`, { cause: error });
  }
}
