import { type Address, concatHex, encodeFunctionData, encodePacked, type Hex, size } from "viem";
import { multiSendAbi } from "./safe-abi.js";

/** One CALL of a batch; value in wei. */
export interface BatchedCall {
  readonly to: Address;
  readonly data: Hex;
  readonly value?: bigint;
}

/** Calldata for MultiSendCallOnly, which a Safe calls with operation 1 (DELEGATECALL): all the calls or none. */
export function encodeMultiSend(calls: readonly BatchedCall[]): Hex {
  const packed = calls.map(({ to, data, value }) =>
    encodePacked(["uint8", "address", "uint256", "uint256", "bytes"], [0, to, value ?? 0n, BigInt(size(data)), data]),
  );
  return encodeFunctionData({ abi: multiSendAbi, functionName: "multiSend", args: [concatHex(packed)] });
}
