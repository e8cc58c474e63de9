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
  const { identity } = own;
  expectClaims("decision", [
    ["sessionId", decision.sessionId, identity.sessionId],
    ["policyHash", decision.policyHash, own.policyHash],
    ["policyId", decision.policyId, own.policyId],
    ["digest", decision.digest, own.digest],
  ]);
  if (decision.outcome !== "allow") throw new InterlockError("POLICY_DENIED", "the decision ticket does not allow this");
  expectClaims("authorization", [
    ["executionId", authorization.executionId, decision.executionId],
    ["sessionId", authorization.sessionId, identity.sessionId],
    ["keyRef", authorization.keyRef, identity.keyRef],
    ["generation", authorization.generation, String(identity.generation)],
    ["account", authorization.account.toLowerCase(), identity.account],
    ["chainId", authorization.chainId, identity.chainId],
    ["module", authorization.module.toLowerCase(), identity.module],
    ["policyHash", authorization.policyHash, own.policyHash],
    ["policyId", authorization.policyId, own.policyId],
    ["digest", authorization.digest, own.digest],
    ["nonce", authorization.nonce, String(own.nonce)],
    ["deadline", authorization.deadline, String(own.deadline)],
    ["operations", String(authorization.operations), String(own.spending.operations)],
    ["spends", listed(authorization.spends), listed(own.spending.spends)],
  ]);
  if (authorization.jti === decision.jti) refuse("authorization", "jti");
}

function expectClaims(ticket: string, claims: readonly (readonly [name: string, claimed: string, own: string])[]): void {
  for (const [name, claimed, own] of claims) if (claimed !== own) refuse(ticket, name);
}

/** One text per set of spends: a token given in two parts is the same spending as in one. */
function listed(spends: readonly { readonly token: string; readonly amount: string | bigint }[]): string {
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
