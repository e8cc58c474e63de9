import { type Address, type Hex, hashTypedData, type TypedDataDefinition } from "viem";

const TYPES = { SafeMessage: [{ name: "message", type: "bytes" }] } as const;

/** A message as a Safe's owners sign it. `message` is bytes; for ERC-1271 over a digest it is abi.encode(digest), the digest itself. */
export interface SafeMessageOf {
  readonly safe: Address;
  readonly chainId: bigint;
  readonly message: Hex;
}

/** Typed data of a SafeMessage (Safe 1.3.0 and later: the domain is chainId and the Safe), for eth_signTypedData_v4. */
export function safeMessageTypedData({ safe, chainId, message }: SafeMessageOf): TypedDataDefinition<typeof TYPES, "SafeMessage"> {
  return { domain: { chainId, verifyingContract: safe }, types: TYPES, primaryType: "SafeMessage", message: { message } };
}

/** Hash that each owner signs so that the Safe's isValidSignature(digest) holds (CompatibilityFallbackHandler 1.3.0 to 1.5.0). */
export function safeMessageHash({ safe, chainId, digest }: { safe: Address; chainId: bigint; digest: Hex }): Hex {
  return hashTypedData(safeMessageTypedData({ safe, chainId, message: digest }));
}
