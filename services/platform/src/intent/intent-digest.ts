import { type Hex, hashTypedData } from "viem";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { ParsedIntent } from "./intent.js";
import { parseIntent } from "./parse-intent.js";
import { INTENT_TYPES, moduleDomain } from "./typed-data.js";

/**
 * EIP-712 digest that the session key signs for a wire intent.
 * @throws InterlockError VALIDATION_FAILED when the intent is malformed.
 */
export function intentDigest(intent: Intent): Hex {
  return digestOf(parseIntent(intent));
}

/** EIP-712 digest of a parsed intent (types Exec, ExecBatch, ExecAdapter in the module's domain). */
export function digestOf(intent: ParsedIntent): Hex {
  const domain = moduleDomain(intent.chainId, intent.module);
  const { action, nonce } = intent;
  // viem types a uint48 as number; 48 bits fit exactly.
  const common = { id: intent.policyId, nonce, deadline: Number(intent.deadline) };
  switch (action.kind) {
    case "call":
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "Exec", message: { ...common, ...action.call } });
    case "batch":
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "ExecBatch", message: { ...common, calls: action.calls } });
    case "adapter": {
      const { adapter, args } = action;
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "ExecAdapter", message: { ...common, adapter, args } });
    }
  }
}
