/** Protocol ids that the genesis rules use; bit `id` of a policy's protocolMask switches one on. */
export const PROTOCOL_ERC20 = 1;
export const PROTOCOL_ERC4626 = 2;
export const PROTOCOL_GMX = 3;
export const PROTOCOL_SWAP = 4;

/** Values of the Solidity enum RuleKind. */
export const RULE_KIND = { none: 0, transfer: 1, approve: 2, call: 3, adapter: 4 } as const;

/** The rule has no such argument. */
export const NO_ARGUMENT = 255;
