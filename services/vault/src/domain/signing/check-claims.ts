import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AuthorizationClaims, DecisionClaims } from "#platform/tickets/claims.js";
import type { KeyIdentity } from "../envelope/key-record.js";
import type { Spending } from "./spending.js";

/** What signer-core found out itself; every claim is held against it. */
export interface OwnFindings {
  readonly identity: KeyIdentity;
  readonly digest: Hex;
  readonly policyId: Hex;
  readonly policyHash: Hex;
  readonly nonce: bigint;
  readonly deadline: bigint;
  readonly spending: Spending;
}

/**
 * Both tickets are about this very digest, key, session and policy, and about each other.
 * @throws InterlockError TICKET_INVALID naming the ticket and the claim, POLICY_DENIED when policy's verdict is not allow
 */
export function checkClaims(decision: DecisionClaims, authorization: AuthorizationClaims, own: OwnFindings): void {
  checkDecision(decision, own);
  if (decision.outcome !== "allow") throw new InterlockError("POLICY_DENIED", "the decision ticket does not allow this");
  checkAuthorization(authorization, decision, own);
}

function checkDecision(decision: DecisionClaims, { identity, policyHash, policyId, digest }: OwnFindings): void {
  const same = (claim: "sessionId" | "policyHash" | "policyId" | "digest", value: string) => {
    if (decision[claim] !== value) refuse("decision", claim);
  };
  same("sessionId", identity.sessionId);
  same("policyHash", policyHash);
  same("policyId", policyId);
  same("digest", digest);
}

function checkAuthorization(authorization: AuthorizationClaims, decision: DecisionClaims, own: OwnFindings): void {
  const { identity, spending } = own;
  const same = (claim: keyof AuthorizationClaims, claimed: string, value: string) => {
    if (claimed !== value) refuse("authorization", claim);
  };
  same("executionId", authorization.executionId, decision.executionId);
  same("sessionId", authorization.sessionId, identity.sessionId);
  same("keyRef", authorization.keyRef, identity.keyRef);
  same("generation", authorization.generation, String(identity.generation));
  same("account", authorization.account.toLowerCase(), identity.account);
  same("chainId", authorization.chainId, identity.chainId);
  same("module", authorization.module.toLowerCase(), identity.module);
  same("policyHash", authorization.policyHash, own.policyHash);
  same("policyId", authorization.policyId, own.policyId);
  same("digest", authorization.digest, own.digest);
  same("nonce", authorization.nonce, String(own.nonce));
  same("deadline", authorization.deadline, String(own.deadline));
  if (authorization.operations !== spending.operations) refuse("authorization", "operations");
  if (!sameSpending(authorization.spends, spending.spends)) refuse("authorization", "spends");
  if (authorization.jti === decision.jti) refuse("authorization", "jti");
}

type Claimed = AuthorizationClaims["spends"];
type Own = Spending["spends"];

/** What is written alike is the same; else the totals of each token decide. */
function sameSpending(claimed: Claimed, own: Own): boolean {
  const alike = claimed.every(
    ({ token, amount }, i) => token.toLowerCase() === own[i]?.token.toLowerCase() && BigInt(amount) === own[i]?.amount,
  );
  return (alike && claimed.length === own.length) || listed(claimed) === listed(own);
}

/** One text per set of spends: a token given in two parts is the same spending as in one. */
function listed(spends: Claimed | Own): string {
  const totals = new Map<string, bigint>();
  for (const { token, amount } of spends) {
    const key = token.toLowerCase();
    totals.set(key, (totals.get(key) ?? 0n) + BigInt(amount));
  }
  const lines = [...totals].filter(([, amount]) => amount > 0n).map(([token, amount]) => `${token}=${amount}`);
  return lines.toSorted().join(",");
}

function refuse(ticket: string, claim: string): never {
  throw new InterlockError("TICKET_INVALID", `${ticket} ticket: ${claim} is not what the vault computed itself`, {
    details: { ticket, claim },
  });
}
