/** How the chain's registry reads a function of a protocol: which arguments are recipient and amount, and what kind of rule it is. */
export interface KnownFunction {
  readonly kind: "transfer" | "approve" | "adapter-spend" | "adapter-free";
  /** Position of the recipient among the arguments. */
  readonly recipient: number;
  /** Position of the amount among the arguments; what an adapter-free operation names there is not spent. */
  readonly amount: number;
  /** Position of the native execution fee that an adapter's calls carry, where they carry one. */
  readonly fee?: number;
}

/**
 * Functions whose meaning is fixed, by protocol label and canonical signature (ERC-20; ERC-4626, GMX v2 and v3-style
 * swaps through their adapters).
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
  // The market comes first: the registry lists it as the protocol's recipient.
  gmx: {
    "open(address,address,bool,uint256,uint256,uint256,uint256)": { kind: "adapter-spend", recipient: 0, amount: 3, fee: 6 },
    "decrease(address,address,bool,uint256,uint256,uint256,uint256)": { kind: "adapter-free", recipient: 0, amount: 3, fee: 6 },
    "close(address,address,bool,uint256,uint256)": { kind: "adapter-free", recipient: 0, amount: 3, fee: 4 },
    "stopLoss(address,address,bool,uint256,uint256,uint256,uint256)": { kind: "adapter-free", recipient: 0, amount: 3, fee: 6 },
    "takeProfit(address,address,bool,uint256,uint256,uint256,uint256)": { kind: "adapter-free", recipient: 0, amount: 3, fee: 6 },
    "updateTrigger(address,bytes32,uint256,uint256)": { kind: "adapter-free", recipient: 0, amount: 2 },
    "cancel(address,bytes32)": { kind: "adapter-free", recipient: 0, amount: 1 },
  },
  // The token that comes out is the protocol's recipient.
  swap: {
    "swap(address,address,uint24,uint256,uint256)": { kind: "adapter-spend", recipient: 0, amount: 3 },
  },
};

const ADAPTERS: ReadonlySet<string> = new Set(["erc4626", "gmx", "swap"]);

/** The fixed meaning of a function, or undefined. `signature` without names: `transfer(address,uint256)`. */
export function knownFunction(protocol: string, signature: string): KnownFunction | undefined {
  return Object.hasOwn(KNOWN, protocol) ? KNOWN[protocol]?.[signature] : undefined;
}

/** True when calls of the protocol go through an adapter. */
export function usesAdapter(protocol: string): boolean {
  return ADAPTERS.has(protocol);
}

/** Every protocol label with fixed functions. */
export function hasKnownFunctions(protocol: string): boolean {
  return Object.hasOwn(KNOWN, protocol);
}
