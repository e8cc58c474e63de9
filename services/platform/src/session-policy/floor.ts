import type { Address, Hex } from "viem";
import type { OnchainPolicyStruct } from "./onchain-policy.js";
import { type DocumentProblem, documentRefused } from "./problem.js";
import { resolveDocument } from "./resolve-document.js";
import type { ResolvedRule } from "./resolve-rule.js";
import type { PolicyDocument } from "./schema.js";

/** One function of the floor, judged by words of the calldata alone. */
export interface FloorRule {
  readonly id: string;
  readonly target: Address;
  readonly selector: Hex;
  readonly adapter: boolean;
  /** Exact calldata bytes; null when the function has dynamic arguments. */
  readonly exactLength: number | null;
  /** Word of the recipient after the selector and whom it may name; null when the function has none. */
  readonly recipient: { readonly word: number; readonly allowed: readonly Address[] } | null;
  /** Most native value of one call in wei, decimal. */
  readonly valueMax: string;
  /** Amount words that count against the limits. */
  readonly spends: readonly { readonly token: Address; readonly word: number; readonly kind: "transfer" | "approve" }[];
}

/** The part of a policy that the vault seals and counts against by itself: plain JSON, integers as decimal text where they may exceed 2^53. */
export interface Floor {
  readonly version: "floor/v1";
  readonly chainId: string;
  readonly module: Address;
  readonly account: Address;
  readonly key: Address;
  readonly validAfter: number;
  readonly validUntil: number;
  readonly maxOps: number;
  readonly rateWindow: number;
  readonly budgetWindow: number;
  readonly limits: readonly { readonly token: Address; readonly perOp: string; readonly perPeriod: string }[];
  readonly rules: readonly FloorRule[];
  readonly policyHash: Hex;
}

/**
 * The floor of a policy whose struct was compiled from `document`; the caller has compared the two (compilePolicy, policyId).
 * @throws InterlockError VALIDATION_FAILED for a document parsePolicyDocument would refuse.
 */
export function deriveFloor(document: PolicyDocument, policy: OnchainPolicyStruct, module: Address): Floor {
  const problems: DocumentProblem[] = [];
  const rules = resolveDocument(document, problems);
  if (problems.length > 0) throw documentRefused(problems);
  return {
    version: "floor/v1",
    chainId: String(document.chainId),
    module,
    account: policy.safe,
    key: policy.key,
    validAfter: policy.validAfter,
    validUntil: policy.validUntil,
    maxOps: policy.maxOps,
    rateWindow: policy.rateWindow,
    budgetWindow: policy.budgetWindow,
    limits: policy.limits.map(({ token, perOp, perPeriod }) => ({ token, perOp: String(perOp), perPeriod: String(perPeriod) })),
    rules: rules.map(floorRule),
    policyHash: policy.policyHash,
  };
}

function floorRule({ rule, signature, selector, adapter, recipient, spends }: ResolvedRule): FloorRule {
  return {
    id: rule.id,
    target: rule.target,
    selector,
    adapter,
    exactLength: signature.exactLength ?? null,
    recipient: recipient === undefined ? null : { word: recipient.word, allowed: recipient.allowed },
    valueMax: rule.valueMax,
    spends: spends.map(({ token, word, kind }) => ({ token, word, kind })),
  };
}
