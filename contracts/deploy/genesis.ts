import { type Address, type Hex, toFunctionSelector } from "viem";

/** Protocol ids that the genesis rules use; bit `id` of a policy's protocolMask switches one on. */
export const PROTOCOL_ERC20 = 1;
export const PROTOCOL_ERC4626 = 2;

/** Values of the Solidity enum RuleKind. */
export const RULE_KIND = { none: 0, transfer: 1, approve: 2, call: 3, adapter: 4 } as const;

/** The rule has no such argument. */
export const NO_ARGUMENT = 255;

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
}

export interface Genesis {
  readonly rules: readonly GenesisRule[];
  readonly recipients: readonly GenesisRecipient[];
}

const TWO_WORDS = { recipientArg: 0, amountArg: 1, exactLength: 68 };

/** The registry's first rules: ERC-20 transfers, and the vault adapter's two operations with each vault as their "recipient". */
export function buildGenesis({ tokens, recipients, vaults }: GenesisOptions, vaultAdapter: Address): Genesis {
  const transfer = toFunctionSelector("transfer(address,uint256)");
  const operations = ["deposit(address,uint256)", "redeem(address,uint256)"].map((signature) => toFunctionSelector(signature));
  return {
    rules: [
      ...tokens.map((target) => ({ target, selector: transfer, protocolId: PROTOCOL_ERC20, kind: RULE_KIND.transfer, ...TWO_WORDS })),
      ...operations.map((selector) => ({
        target: vaultAdapter,
        selector,
        protocolId: PROTOCOL_ERC4626,
        kind: RULE_KIND.adapter,
        ...TWO_WORDS,
      })),
    ],
    recipients: [
      ...recipients.map((recipient) => ({ protocolId: PROTOCOL_ERC20, recipient })),
      ...vaults.map((recipient) => ({ protocolId: PROTOCOL_ERC4626, recipient })),
    ],
  };
}
