import type { Address, Hex } from "viem";
import type { Call } from "./call.js";
import type { Policy } from "./policy.js";
import { Refusal } from "./refusal.js";
import { KIND, type RegistryModel, type Ruling, selectorOf } from "./registry.js";
import { inScope, scopeLeaf } from "./scope.js";

/** What one admitted call spends, and the spender an approval names. */
export interface Verdict {
  readonly token: Address;
  readonly amount: bigint;
  readonly approved?: Address;
}

export interface Judge {
  readonly registry: RegistryModel;
  readonly module: Address;
}

const NATIVE: Address = `0x${"00".repeat(20)}`;

/** Target, registry and scope: what every call and every adapter operation must pass. */
export function consult(judge: Judge, policy: Policy, to: Address, data: Hex, proof: readonly Hex[], now: number): Ruling {
  if (to === policy.safe || to === judge.module) throw new Refusal("SelfCall(address)", to);
  const ruling = judge.registry.check(policy, to, data, now);
  const selector = selectorOf(data);
  if (!inScope(policy.scopeRoot, scopeLeaf(to, selector, ruling.recipient), proof)) {
    throw new Refusal("NotInScope(address,bytes4,address)", to, selector, ruling.recipient);
  }
  return ruling;
}

/** One call the key itself wrote. `approve` only inside a batch; native value only where a rule moves no token. */
export function judgeCall(judge: Judge, policy: Policy, call: Call, proof: readonly Hex[], batched: boolean, now: number): Verdict {
  const ruling = consult(judge, policy, call.to, call.data, proof, now);
  switch (ruling.kind) {
    case KIND.adapter:
      throw new Refusal("WrongKind(address)", call.to);
    case KIND.call:
      return { token: NATIVE, amount: call.value };
    default:
      if (call.value !== 0n) throw new Refusal("ValueNotAllowed(uint256)", call.value);
      if (ruling.kind !== KIND.approve) return { token: call.to, amount: ruling.amount };
      if (!batched) throw new Refusal("ApproveOutsideBatch(address)", call.to);
      return { token: call.to, amount: ruling.amount, approved: ruling.recipient };
  }
}
