import { parseCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { LogError } from "#platform/transparency-log/log-error.js";

/** The last checkpoint this verifier found good: what the log may only grow from. */
export type PinnedState = SignedCheckpoint;

/** @throws LogError MALFORMED when the file is no checkpoint of the log `origin` */
export function parseState(bytes: Buffer, origin: string): PinnedState {
  const state = parseCheckpoint(bytes);
  if (state.origin !== origin) throw new LogError("MALFORMED", `the state is of the log ${state.origin}, not of ${origin}`);
  return state;
}

/** Size and root somebody read from the chain themselves. */
export interface AnchorView {
  readonly size: number;
  readonly root: Buffer;
}

/** Reads `size:root` with the root as 64 hex digits. @throws LogError MALFORMED */
export function parseAnchor(text: string): AnchorView {
  const [, size, root] = /^([1-9][0-9]{0,14}):(?:0x)?([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (size === undefined || root === undefined)
    throw new LogError("MALFORMED", `an anchor is size:root with 64 hex digits, saw ${text.slice(0, 100)}`);
  return { size: Number(size), root: Buffer.from(root, "hex") };
}
