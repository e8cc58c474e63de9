import type { NewEvent } from "#platform/event-store/types.js";

/** A newer version of the key-encryption key wraps from now on. */
export function kekRotated(provider: string, version: number): NewEvent {
  return { type: "kek.rotated.v1", data: { provider, version: String(version) } };
}

/** Every living key is wrapped under `version`; `rows` had to be. */
export function kekRewrapped(provider: string, version: number, rows: number): NewEvent {
  return { type: "kek.rewrapped.v1", data: { provider, version: String(version), rows: String(rows) } };
}

/** Older versions may not decrypt any more. */
export function kekRetired(provider: string, minDecryptVersion: number): NewEvent {
  return { type: "kek.retired.v1", data: { provider, minDecryptVersion: String(minDecryptVersion) } };
}

/** A version is gone; `orphans` living keys with it. */
export function kekDestroyed(provider: string, version: number, orphans: number, operators: readonly string[]): NewEvent {
  return { type: "kek.destroyed.v1", data: { provider, version: String(version), orphans: String(orphans), operators: [...operators] } };
}
