/**
 * Functions that carry other calls. A rule that names one would allow whatever is inside, so none can be listed until a
 * decoder that unwraps it is registered here by signature.
 */
const FORWARDING_NAMES: ReadonlySet<string> = new Set([
  "aggregate",
  "aggregate3",
  "aggregate3value",
  "batch",
  "batchcall",
  "call",
  "delegatecall",
  "dispatch",
  "exec",
  "execbatch",
  "exectransaction",
  "exectransactionfrommodule",
  "exectransactionfrommodulereturndata",
  "execute",
  "executebatch",
  "executecall",
  "executeuserop",
  "forward",
  "functioncall",
  "functiondelegatecall",
  "makeexternalcalls",
  "multicall",
  "multisend",
  "proxycall",
  "relay",
  "schedule",
  "schedulebatch",
  "simulate",
  "tryaggregate",
  "tryblockandaggregate",
]);

/** Signatures whose inner calls a registered decoder unwraps; none so far. */
const UNWRAPPED_SIGNATURES: ReadonlySet<string> = new Set();

/** True when a function of this name forwards calls that nothing unwraps. `signature` without argument names. */
export function forwardsCalls(name: string, signature: string): boolean {
  return FORWARDING_NAMES.has(name.toLowerCase()) && !UNWRAPPED_SIGNATURES.has(signature);
}
