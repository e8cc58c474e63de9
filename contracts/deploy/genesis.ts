import { type Address, type Hex, toFunctionSelector } from "viem";
import { gmxRules } from "./gmx-rules.js";
import { NO_ARGUMENT, PROTOCOL_ERC20, PROTOCOL_ERC4626, PROTOCOL_GMX, PROTOCOL_SWAP, RULE_KIND } from "./protocols.js";
import type { GmxOptions, SwapOptions } from "./stack-options.js";

/** One rule of the registry's constructor; argument positions in 32-byte words after the selector. */
export interface GenesisRule {
  readonly target: Address;
  readonly selector: Hex;
  readonly protocolId: number;
  readonly recipientArg: number;
  readonly amountArg: number;
  readonly kind: number;
  readonly exactLength: number;
}

export interface GenesisRecipient {
  readonly protocolId: number;
  readonly recipient: Address;
}

export interface GenesisOptions {
  /** ERC-20 tokens that sessions may `transfer` (protocol 1). */
  readonly tokens: readonly Address[];
  /** Who may receive them; a Safe itself always may. */
  readonly recipients: readonly Address[];
  /** ERC-4626 vaults that sessions may deposit to and redeem from (protocol 2). */
  readonly vaults: readonly Address[];
  /** Markets that sessions may trade (protocol 3). */
  readonly gmx?: GmxOptions | undefined;
  /** Tokens that sessions may swap into (protocol 4). */
  readonly swap?: SwapOptions | undefined;
}

export interface Genesis {
  readonly rules: readonly GenesisRule[];
  readonly recipients: readonly GenesisRecipient[];
}

/** Where the adapters stand; those of markets the chain does not have are left out. */
export interface AdapterAddresses {
  readonly vault: Address;
  readonly gmx?: Address | undefined;
  readonly swap?: Address | undefined;
}

const TWO_WORDS = { recipientArg: 0, amountArg: 1, exactLength: 68 };
const TRANSFER = toFunctionSelector("transfer(address,uint256)");
const VAULT_OPERATIONS = ["deposit(address,uint256)", "redeem(address,uint256)"].map((signature) => toFunctionSelector(signature));
const SWAP = toFunctionSelector("swap(address,address,uint24,uint256,uint256)");

/** The registry's first rules: ERC-20 transfers, and each adapter's operations with a vault, a market or a token as "recipient". */
export function buildGenesis({ tokens, recipients, vaults, gmx, swap }: GenesisOptions, adapters: AdapterAddresses): Genesis {
  const erc20 = { protocolId: PROTOCOL_ERC20, kind: RULE_KIND.transfer, ...TWO_WORDS };
  const erc4626 = { target: adapters.vault, protocolId: PROTOCOL_ERC4626, kind: RULE_KIND.adapter, ...TWO_WORDS };
  const named = (protocolId: number, all: readonly Address[]) => all.map((recipient) => ({ protocolId, recipient }));
  return {
    rules: [
      ...tokens.map((target) => ({ target, selector: TRANSFER, ...erc20 })),
      ...VAULT_OPERATIONS.map((selector) => ({ selector, ...erc4626 })),
      ...(adapters.gmx ? gmxRules(adapters.gmx) : []),
      ...(adapters.swap ? [swapRule(adapters.swap)] : []),
    ],
    recipients: [
      ...named(PROTOCOL_ERC20, recipients),
      ...named(PROTOCOL_ERC4626, vaults),
      ...named(PROTOCOL_GMX, gmx?.markets.map(({ market }) => market) ?? []),
      ...named(PROTOCOL_SWAP, swap?.outputs ?? []),
    ],
  };
}

function swapRule(target: Address): GenesisRule {
  const shape = { recipientArg: 0, amountArg: NO_ARGUMENT, exactLength: 4 + 5 * 32 };
  return { target, selector: SWAP, protocolId: PROTOCOL_SWAP, kind: RULE_KIND.adapter, ...shape };
}
