import { concatHex, type Hex, keccak256, size, slice } from "viem";
import type { ParsedAction } from "#platform/intent/intent.js";

/** What an action is, for the record: its target and selector where it is one call, and the hash of its calldata. */
export interface ActionFacts {
  /** Lower-case address; the targets of a batch, separated by commas. */
  readonly target: string;
  /** First four bytes, "0x" for a bare transfer of the native asset; as many as there are calls. */
  readonly selector: string;
  readonly calldataHash: Hex;
}

/** The facts of `action`. */
export function actionFacts(action: ParsedAction): ActionFacts {
  if (action.kind === "adapter") return factsOf([{ to: action.adapter, data: action.args }]);
  return factsOf(action.kind === "call" ? [action.call] : action.calls);
}

function factsOf(calls: readonly { readonly to: Hex; readonly data: Hex }[]): ActionFacts {
  return {
    target: calls.map(({ to }) => to.toLowerCase()).join(","),
    selector: calls.map(({ data }) => (size(data) < 4 ? "0x" : slice(data, 0, 4))).join(","),
    calldataHash: keccak256(concatHex(calls.map(({ data }) => data))),
  };
}
