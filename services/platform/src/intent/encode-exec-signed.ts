import { encodeFunctionData, type Hex, prepareEncodeFunctionData } from "viem";
import { InterlockError } from "../errors/interlock-error.js";
import type { OnchainPolicyStruct } from "../session-policy/onchain-policy.js";
import type { ParsedIntent } from "./intent.js";
import { MODULE_EXEC_ABI } from "./module-abi.js";

// Without this the selector is hashed anew for each call.
const CALL = prepareEncodeFunctionData({ abi: MODULE_EXEC_ABI, functionName: "execSigned" });
const BATCH = prepareEncodeFunctionData({ abi: MODULE_EXEC_ABI, functionName: "execBatchSigned" });
const ADAPTER = prepareEncodeFunctionData({ abi: MODULE_EXEC_ABI, functionName: "execAdapterSigned" });

/**
 * Calldata of the module's execSigned, execBatchSigned or execAdapterSigned.
 * @param proofs one scope proof per call, in order; a single one for a call or adapter operation (empty when the policy has one rule)
 * @param signature 65 bytes r, s, v by the session key over the intent's digest
 * @throws InterlockError VALIDATION_FAILED when the number of proofs is not the number of calls.
 */
export function encodeExecSigned(
  policy: OnchainPolicyStruct,
  intent: ParsedIntent,
  proofs: readonly (readonly Hex[])[],
  signature: Hex,
): Hex {
  const { action, nonce } = intent;
  const wanted = action.kind === "batch" ? action.calls.length : 1;
  const [proof] = proofs;
  if (proof === undefined || proofs.length !== wanted) {
    const rule = `must be ${wanted}, one per call`;
    throw new InterlockError("VALIDATION_FAILED", `proofs: ${rule}`, { details: { field: "proofs", rule, value: proofs.length } });
  }
  const deadline = Number(intent.deadline);
  switch (action.kind) {
    case "call":
      return encodeFunctionData({
        ...CALL,
        args: [policy, action.call, proof, nonce, deadline, signature],
      });
    case "batch":
      return encodeFunctionData({
        ...BATCH,
        args: [policy, action.calls, proofs, nonce, deadline, signature],
      });
    case "adapter":
      return encodeFunctionData({
        ...ADAPTER,
        args: [policy, action.adapter, action.args, proof, nonce, deadline, signature],
      });
  }
}
