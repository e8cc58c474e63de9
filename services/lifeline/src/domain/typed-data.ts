import type { Address, Hex } from "viem";

/** EIP-712 payload for `eth_signTypedData_v4`; numbers are decimal strings so that it survives JSON. */
export interface TypedDataPayload {
  readonly domain: { readonly name: string; readonly version: string; readonly chainId: number; readonly verifyingContract: Address };
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, string>>;
}

const uint48 = "uint48";
const MESSAGE_FIELDS = {
  EmergencyCloseAll: [
    { name: "safe", type: "address" },
    { name: "epoch", type: "uint32" },
    { name: "deadline", type: uint48 },
  ],
  DisarmAll: [
    { name: "safe", type: "address" },
    { name: "epoch", type: "uint32" },
    { name: "deadline", type: uint48 },
  ],
  Disarm: [
    { name: "safe", type: "address" },
    { name: "id", type: "bytes32" },
    { name: "deadline", type: uint48 },
  ],
} as const;

interface Scope {
  readonly chainId: number;
  readonly module: Address;
  readonly account: Address;
  /** Unix seconds. */
  readonly deadline: number;
}

function payload(scope: Scope, primaryType: keyof typeof MESSAGE_FIELDS, message: Record<string, string>): TypedDataPayload {
  const domain = { name: "Interlock SessionModule", version: "1", chainId: scope.chainId, verifyingContract: scope.module };
  return {
    domain,
    types: { [primaryType]: MESSAGE_FIELDS[primaryType] },
    primaryType,
    message: { safe: scope.account, ...message, deadline: String(scope.deadline) },
  };
}

/** What an owner signs so that anybody can pay for closing everything (`emergencyCloseAllWithSig`). */
export const closeAllTypedData = (scope: Scope, epoch: number) => payload(scope, "EmergencyCloseAll", { epoch: String(epoch) });
/** What an owner signs so that anybody can pay for disarming every session (`disarmAllWithSig`). */
export const disarmAllTypedData = (scope: Scope, epoch: number) => payload(scope, "DisarmAll", { epoch: String(epoch) });
/** What an owner signs so that anybody can pay for disarming one session (`disarmWithSig`). */
export const disarmTypedData = (scope: Scope, id: Hex) => payload(scope, "Disarm", { id });
