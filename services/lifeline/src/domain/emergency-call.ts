import { type Address, decodeFunctionData, encodeFunctionData, type Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { emergencyAbi } from "./emergency-abi.js";

/** Everything lifeline helps with: each only takes power away or brings the owner's money home. */
export const EMERGENCY_ACTIONS = ["close_all", "disarm_all", "disarm"] as const;
export type EmergencyAction = (typeof EMERGENCY_ACTIONS)[number];

/** A call of the module, taken apart. `authority` says who must stand behind it: the transaction's sender, or a signature inside. */
export interface EmergencyCall {
  readonly action: EmergencyAction;
  readonly account: Address;
  readonly authority: "sender" | "signature";
}

/** Calldata for the owner's own transaction. @throws InterlockError VALIDATION_FAILED when `disarm` comes without a policy id. */
export function encodeEmergencyCall(action: EmergencyAction, account: Address, policyId?: Hex): Hex {
  if (action === "close_all") return encodeFunctionData({ abi: emergencyAbi, functionName: "emergencyCloseAll", args: [account] });
  if (action === "disarm_all") return encodeFunctionData({ abi: emergencyAbi, functionName: "disarmAll", args: [account] });
  if (policyId === undefined) {
    throw new InterlockError("VALIDATION_FAILED", "policyId: required for the action disarm", {
      details: { field: "policyId", rule: "required" },
    });
  }
  return encodeFunctionData({ abi: emergencyAbi, functionName: "disarm", args: [account, policyId] });
}

/** Takes calldata apart; anything that is not one of the emergency functions, to the letter, is refused. */
export function decodeEmergencyCall(data: Hex): EmergencyCall {
  const call = decode(data);
  if (call === undefined || reencode(call).toLowerCase() !== data.toLowerCase()) {
    throw new InterlockError("FUNCTION_NOT_ALLOWED", "the transaction calls none of the emergency functions of the session module", {
      details: { field: "data", rule: "an emergency function, canonically encoded", value: data.slice(0, 10) },
    });
  }
  const account = call.args[0];
  switch (call.functionName) {
    case "emergencyCloseAll":
      return { action: "close_all", account, authority: "sender" };
    case "emergencyCloseAllWithSig":
      return { action: "close_all", account, authority: "signature" };
    case "disarm":
      return { action: "disarm", account, authority: "sender" };
    case "disarmAll":
      return { action: "disarm_all", account, authority: "sender" };
    case "disarmWithSig":
      return { action: "disarm", account, authority: "signature" };
    case "disarmAllWithSig":
      return { action: "disarm_all", account, authority: "signature" };
  }
}

type WritingCall = Exclude<ReturnType<typeof decodeFunctionData<typeof emergencyAbi>>, { functionName: "epochOf" }>;

function decode(data: Hex): WritingCall | undefined {
  try {
    const call = decodeFunctionData({ abi: emergencyAbi, data });
    return call.functionName === "epochOf" ? undefined : call;
  } catch {
    return undefined;
  }
}

/** viem's decoder accepts dirty bits and trailing bytes; writing the call anew and comparing does not. */
function reencode(call: WritingCall): Hex {
  try {
    return encodeFunctionData({ abi: emergencyAbi, functionName: call.functionName, args: call.args });
  } catch {
    return "0x";
  }
}
