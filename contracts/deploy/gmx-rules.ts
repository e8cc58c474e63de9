import { type AbiFunction, type Address, toFunctionSelector } from "viem";
import { gmxOperationsAbi } from "../generated/gmx-operations.js";
import type { GenesisRule } from "./genesis.js";
import { NO_ARGUMENT, PROTOCOL_GMX, RULE_KIND } from "./protocols.js";

/** One rule for each typed operation of the adapter: static arguments only, the market first. */
export function gmxRules(target: Address): readonly GenesisRule[] {
  return gmxOperationsAbi.map((operation: AbiFunction) => ({
    target,
    selector: toFunctionSelector(operation),
    protocolId: PROTOCOL_GMX,
    recipientArg: 0,
    amountArg: NO_ARGUMENT,
    kind: RULE_KIND.adapter,
    exactLength: 4 + 32 * operation.inputs.length,
  }));
}
