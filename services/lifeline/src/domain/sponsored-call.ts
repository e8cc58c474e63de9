import { type Address, encodeFunctionData, type Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { emergencyAbi } from "./emergency-abi.js";
import type { EmergencyAction } from "./emergency-call.js";

/** An owner's signature over the typed data that `prepare` gave them, and what it was made over. */
export interface SponsoredRequest {
  readonly action: EmergencyAction;
  readonly account: Address;
  /** Unix seconds until which the signature is good. */
  readonly deadline: number;
  /** The account's epoch that was signed over; for `disarm_all` only, where the call names it. */
  readonly epoch?: number | undefined;
  readonly policyId?: Hex | undefined;
  readonly signature: Hex;
}

/** Calldata that anybody may pay for. @throws InterlockError VALIDATION_FAILED when the action wants a policy id or an epoch and has none */
export function encodeSponsoredCall(request: SponsoredRequest): Hex {
  const { action, account, deadline, signature } = request;
  if (action === "close_all") {
    return encodeFunctionData({ abi: emergencyAbi, functionName: "emergencyCloseAllWithSig", args: [account, deadline, signature] });
  }
  if (action === "disarm_all") {
    const args = [account, required("epoch", request.epoch), deadline, signature] as const;
    return encodeFunctionData({ abi: emergencyAbi, functionName: "disarmAllWithSig", args });
  }
  const args = [account, required("policyId", request.policyId), deadline, signature] as const;
  return encodeFunctionData({ abi: emergencyAbi, functionName: "disarmWithSig", args });
}

function required<T>(field: string, value: T | undefined): T {
  if (value !== undefined) return value;
  const details = { field, rule: "required" };
  throw new InterlockError("VALIDATION_FAILED", `${field}: required for this action`, { details });
}
