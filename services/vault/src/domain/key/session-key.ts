import type { Address, Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import type { KeyRecord } from "../envelope/key-record.js";

export type KeyState = "generated" | "sealed" | "disarmed" | "quarantined";

/** A row of the vault: the encrypted record and the life of the key around it. */
export interface SessionKey {
  readonly record: KeyRecord;
  readonly address: Address;
  readonly state: KeyState;
  /** The fence: higher than the record's own generation once the key was disarmed. */
  readonly generation: number;
  readonly sealed: { readonly floor: string; readonly policyId: Hex; readonly policyHash: Hex } | undefined;
  /** The vault's own count of what was signed. */
  readonly usage: LimitsState;
  /** Version of the key's event stream as this row knows it. */
  readonly streamVersion: number;
}

/**
 * The key may sign: it lives and its floor is sealed.
 * @throws InterlockError FENCED or UNSEALED
 */
export function checkMaySign(key: SessionKey): asserts key is SessionKey & { readonly sealed: NonNullable<SessionKey["sealed"]> } {
  checkLives(key);
  if (key.state !== "sealed" || key.sealed === undefined) throw new InterlockError("UNSEALED", "no floor is sealed for this key");
}

/** The key was neither disarmed nor quarantined. @throws InterlockError FENCED */
export function checkLives({ state, generation, record }: SessionKey): void {
  const fenced = state === "disarmed" || state === "quarantined" || generation !== record.generation;
  if (!fenced) return;
  throw new InterlockError("FENCED", `the key is ${state}`, { details: { state, generation: String(generation) } });
}
