const GONE: ReadonlySet<string> = new Set(["NotArmed", "Revoked", "StaleEpoch", "NotKey", "ModuleNotEnabled", "GS104"]);

/**
 * True when the chain says by this error that the session itself is over: disarmed, older than the account's epoch, or its module no
 * longer enabled (the Safe's own GS104).
 */
export function saysSessionGone(errorName: string): boolean {
  return GONE.has(errorName);
}
