import { decodeErrorResult, type Hex } from "viem";
import { policyRegistryAbi } from "../../../../../contracts/generated/policy-registry.js";
import { sessionModuleAbi } from "../../../../../contracts/generated/session-module.js";
import { vaultAdapterAbi } from "../../../../../contracts/generated/vault-adapter.js";
import type { ChainError } from "../../domain/chain-reason.js";

const ERRORS = [
  ...[...sessionModuleAbi, ...policyRegistryAbi, ...vaultAdapterAbi].filter((item) => item.type === "error"),
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
] as const;
const MAX_NESTING = 4;

/** The custom error in revert data: of the module, the registry or an adapter; the Safe's GS codes by their text. */
export function decodeChainError(data: Hex | undefined, nesting = 0): ChainError {
  if (data === undefined || data === "0x") return { name: "Reverted", detail: "" };
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: ERRORS, data });
    const values: readonly unknown[] = args ?? [];
    if (errorName === "Error") return { name: safeCode(String(values[0])), detail: String(values[0]).slice(0, 200) };
    const inner = values[0];
    if (errorName === "CallFailed" && typeof inner === "string" && nesting < MAX_NESTING)
      return { name: "CallFailed", detail: described(decodeChainError(asHex(inner), nesting + 1)) };
    const names = "inputs" in abiItem ? abiItem.inputs.map((input, i) => `${input.name || i}=${String(values[i])}`) : [];
    return { name: errorName, detail: names.join(", ") };
  } catch {
    return { name: "Reverted", detail: `selector ${data.slice(0, 10)}` };
  }
}

function safeCode(text: string): string {
  return /^GS\d{3}$/.test(text) ? text : "Reverted";
}

function described({ name, detail }: ChainError): string {
  return detail === "" ? name : `${name}: ${detail}`;
}

function asHex(value: string): Hex {
  return `0x${value.replace(/^0x/, "")}`;
}
