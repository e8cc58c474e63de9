import { InterlockError } from "#platform/errors/interlock-error.js";
import type { SessionKey } from "../domain/key/session-key.js";

/** The key that was looked up. @throws InterlockError NOT_FOUND when there is none */
export function requireKey(key: SessionKey | undefined, keyRef: string): SessionKey {
  if (key !== undefined) return key;
  throw new InterlockError("NOT_FOUND", "there is no such key", { details: { field: "key_ref", value: keyRef.slice(0, 100) } });
}
