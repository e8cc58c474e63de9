import { encodeAbiParameters } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { JsonObject } from "#platform/kernel/json.js";
import { type OnchainPolicyStruct, POLICY_COMPONENTS } from "#platform/session-policy/onchain-policy.js";
import type { Session } from "../domain/session-state.js";
import type { ArmTransaction, Standing } from "./chain-reader.js";
import type { CompiledGrant } from "./compile-grant.js";

export interface Evidence {
  readonly state: Session;
  readonly compiled: CompiledGrant;
  readonly transaction: ArmTransaction | undefined;
  readonly standing: Standing;
  /** Depth that is asked for. */
  readonly confirmations: number;
}

/**
 * What proves that the chain armed exactly the compiled policy, and that it stands.
 * Every `Armed` event of this key in the transaction must be the whole struct, field by field: the right policyHash alone proves nothing.
 * @throws InterlockError CONFLICT (not mined, not deep enough, failed), POLICY_MISMATCH, STALE_EPOCH, EXTERNALLY_REVOKED
 */
export function armEvidence(evidence: Evidence): { readonly transaction: ArmTransaction; readonly logIndex: number } {
  const { state, compiled, transaction, standing, confirmations } = evidence;
  if (transaction === undefined) throw new InterlockError("CONFLICT", "the transaction is not mined yet", { details: { retryable: true } });
  if (!transaction.succeeded) throw new InterlockError("CONFLICT", "the transaction failed on chain");
  if (transaction.confirmations < confirmations) {
    const details = { confirmations: transaction.confirmations, needed: confirmations, retryable: true };
    throw new InterlockError("CONFLICT", "the transaction is not deep enough yet", { details });
  }
  const logs = transaction.armed.filter(({ key }) => key.toLowerCase() === state.key.keyAddress);
  const [log] = logs;
  if (log === undefined) throw mismatch("the transaction armed no session of this key", { key: state.key.keyAddress });
  for (const { policy, policyId, safe } of logs) {
    const same = encoded(policy) === encoded(compiled.policy) && policyId.toLowerCase() === compiled.policyId;
    if (same && safe.toLowerCase() === state.key.account) continue;
    throw mismatch("the policy on chain is not the one that was drafted", { expected: compiled.policyId, actual: policyId });
  }
  assertStanding(standing, compiled.policy.epoch);
  return { transaction, logIndex: log.logIndex };
}

function assertStanding(standing: Standing, epoch: number): void {
  if (standing.revoked) throw new InterlockError("EXTERNALLY_REVOKED", "the session was revoked on chain already");
  if (!standing.armed) throw mismatch("the module does not know the session as armed", {});
  if (standing.epoch !== epoch) {
    throw new InterlockError("STALE_EPOCH", "the account's epoch moved on", { details: { policy: epoch, account: standing.epoch } });
  }
  if (!standing.moduleEnabled) throw new InterlockError("EXTERNALLY_REVOKED", "the module is not enabled on the account");
}

function encoded(policy: OnchainPolicyStruct): string {
  return encodeAbiParameters([{ type: "tuple", components: POLICY_COMPONENTS }], [policy]);
}

function mismatch(message: string, details: JsonObject): InterlockError {
  return new InterlockError("POLICY_MISMATCH", message, { details });
}
