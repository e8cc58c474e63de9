/** How the chain's registry reads a function of a protocol: which arguments are recipient and amount, and what kind of rule it is. */
export interface KnownFunction {
  readonly kind: "transfer" | "approve" | "adapter-spend" | "adapter-free";
  /** Position of the recipient among the arguments. */
  readonly recipient: number;
  /** Position of the amount among the arguments. */
  readonly amount: number;
}

/**
 * Functions whose meaning is fixed, by protocol label and canonical signature (ERC-20; ERC-4626 through VaultAdapter).
 * A rule for one of them must say what the chain will count, or the server would allow what the chain refuses.
 */
const KNOWN: Readonly<Record<string, Readonly<Record<string, KnownFunction>>>> = {
  erc20: {
    "transfer(address,uint256)": { kind: "transfer", recipient: 0, amount: 1 },
    "approve(address,uint256)": { kind: "approve", recipient: 0, amount: 1 },
  },
  erc4626: {
    "deposit(address,uint256)": { kind: "adapter-spend", recipient: 0, amount: 1 },
    "redeem(address,uint256)": { kind: "adapter-free", recipient: 0, amount: 1 },
  },
};

/** The fixed meaning of a function, or undefined. `signature` without names: `transfer(address,uint256)`. */
export function knownFunction(protocol: string, signature: string): KnownFunction | undefined {
  return Object.hasOwn(KNOWN, protocol) ? KNOWN[protocol]?.[signature] : undefined;
}

/** True when calls of the protocol go through an adapter. */
export function usesAdapter(protocol: string): boolean {
  return protocol === "erc4626";
}

/** Every protocol label with fixed functions. */
export function hasKnownFunctions(protocol: string): boolean {
  return Object.hasOwn(KNOWN, protocol);
}
