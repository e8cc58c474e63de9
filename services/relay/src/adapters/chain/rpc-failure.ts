import { BaseError, type Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { classifyRpcError } from "../../domain/classify-rpc-error.js";
import type { RpcErrorClass } from "../../domain/rpc-error-class.js";

/** What is known of a failed JSON-RPC call. */
export interface RpcFailure {
  readonly class: RpcErrorClass;
  /** The node's own words; empty when there was no answer. */
  readonly message: string;
  /** Revert data, when there was any. */
  readonly data: Hex | undefined;
}

/** Reads a thrown error: the node's answer where there was one, else a transport failure. */
export function rpcFailure(error: unknown): RpcFailure {
  const answer = find(error, (layer): layer is Error & { code: number } => "code" in layer && typeof layer.code === "number");
  const revert = find(error, (layer): layer is Error & { data: Hex } => "data" in layer && isHex(layer.data));
  if (answer === undefined && revert === undefined) return { class: "transport", message: "", data: undefined };
  const message = answer === undefined ? "" : textOf(answer);
  const data = revert?.data;
  return { class: data !== undefined && data !== "0x" ? "revert" : classifyRpcError(message, answer?.code), message, data };
}

/** The error a caller is told when no node answered. */
export function chainAway(cause: unknown): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", "no chain node answers", { details: { dependency: "rpc" }, cause });
}

/** viem puts the node's text into `details` and its own around it into `message`. */
function textOf(error: Error): string {
  return error instanceof BaseError && error.details ? error.details : error.message;
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]*$/i.test(value);
}

/** The innermost layer of `error` that fits: the node's answer lies deepest. */
function find<T extends Error>(error: unknown, fits: (layer: Error) => layer is T): T | undefined {
  let found: T | undefined;
  const seen = new Set<unknown>();
  for (let layer = error; layer instanceof Error && !seen.has(layer); layer = layer.cause) {
    seen.add(layer);
    if (fits(layer)) found = layer;
  }
  return found;
}
