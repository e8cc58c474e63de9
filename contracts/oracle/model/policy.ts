import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";

/** Limit of one token in its smallest unit; token 0 is the native asset. */
export interface TokenLimit {
  readonly token: Address;
  readonly perOp: bigint;
  readonly perPeriod: bigint;
}

/** What an owner allows one key. Times in unix seconds, windows in seconds, addresses in lower case. */
export interface Policy {
  readonly safe: Address;
  readonly key: Address;
  readonly validAfter: number;
  readonly validUntil: number;
  readonly rateWindow: number;
  readonly maxOps: number;
  readonly budgetWindow: number;
  readonly epoch: number;
  readonly rulesBefore: number;
  readonly protocolMask: bigint;
  readonly scopeRoot: Hex;
  readonly maxSlippageBps: number;
  readonly policyHash: Hex;
  readonly limits: readonly TokenLimit[];
}

export const POLICY_TYPE =
  "(address safe,address key,uint40 validAfter,uint40 validUntil,uint32 rateWindow,uint8 maxOps,uint32 budgetWindow,uint32 epoch," +
  "uint40 rulesBefore,uint256 protocolMask,bytes32 scopeRoot,uint16 maxSlippageBps,bytes32 policyHash,(address token,uint128 perOp,uint128 perPeriod)[] limits)";

const POLICY_PARAMETERS: readonly { readonly type: string }[] = parseAbiParameters(POLICY_TYPE);

const ids = new WeakMap<Policy, Hex>();

/** id = keccak256(abi.encode(policy)). */
export function policyId(policy: Policy): Hex {
  const id = ids.get(policy) ?? keccak256(encodeAbiParameters(POLICY_PARAMETERS, [policy]));
  ids.set(policy, id);
  return id;
}
