import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { ParsedIntent } from "#platform/intent/intent.js";
import { digestOf } from "#platform/intent/intent-digest.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import { floorLimits, floorOperation } from "#platform/session-policy/floor-operation.js";
import type { KeyIdentity } from "../envelope/key-record.js";
import { expectWithinLimits } from "../ledger/count-usage.js";
import type { SealedFloor } from "../sealing/sealed-floor.js";
import type { Spending } from "./spending.js";

/** The intent is for this key's chain, module and policy. @throws InterlockError CHAIN_MISMATCH or INTENT_MISMATCH */
export function checkBinding(intent: ParsedIntent, identity: KeyIdentity, policyId: Hex): void {
  if (String(intent.chainId) !== identity.chainId) refuse("CHAIN_MISMATCH", "intent.chain_id", intent.chainId);
  if (intent.module.toLowerCase() !== identity.module) refuse("INTENT_MISMATCH", "intent.module", intent.module);
  if (intent.policyId !== policyId) refuse("INTENT_MISMATCH", "intent.policy_id", intent.policyId);
}

/** EIP-712 digest of the intent: computed here, never taken from anybody. */
export function ownDigest(intent: ParsedIntent): Hex {
  return digestOf(intent);
}

/**
 * What the intent spends by the vault's own reading of its calldata, when all of it is inside the floor as if nothing had been used:
 * validity, target, function, recipient, length, value, tokens and amounts of one operation.
 * @param now Unix seconds of the vault's own clock
 * @throws InterlockError FLOOR_EXCEEDED, NOT_YET_VALID, EXPIRED
 */
export function spendingInsideFloor({ floor }: SealedFloor, intent: ParsedIntent, now: bigint): Spending {
  if (now < BigInt(floor.validAfter)) throw new InterlockError("NOT_YET_VALID", "the floor's window has not begun");
  if (now >= BigInt(floor.validUntil)) throw new InterlockError("EXPIRED", "the floor's window is over");
  const spending = floorOperation(floor, intent.action);
  expectWithinLimits(floorLimits(floor), UNUSED, spending, now);
  return spending;
}

function refuse(code: "CHAIN_MISMATCH" | "INTENT_MISMATCH", field: string, value: bigint | string): never {
  throw new InterlockError(code, `${field}: is not what this key was made for`, { details: { field, value: String(value) } });
}
