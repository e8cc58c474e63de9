import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { unixSeconds } from "#platform/kernel/clock.js";
import { verifyAuthorization } from "#platform/tickets/authorization-ticket.js";
import { verifyDecision } from "#platform/tickets/decision-ticket.js";
import { UNSEALED_FLOOR } from "../../domain/envelope/key-record.js";
import { checkClaims } from "../../domain/signing/check-claims.js";
import { checkDeadline } from "../../domain/signing/check-deadline.js";
import { checkBinding, ownDigest, spendingInsideFloor } from "../../domain/signing/judge-intent.js";
import type { CoreContext } from "../core-context.js";
import { readIntent } from "../protocol/intent-message.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";

/**
 * Judges a request in the order of 02-vault: decode, digest, tickets, floor. What passes is noted and may be signed once, within 30 s.
 * The ledger (count, nonces, one-use tickets) is the shell's, in between.
 */
export async function admit(request: RequestOf<"admit">, context: CoreContext): Promise<ResultOf<"admit">> {
  const { record } = request;
  const seconds = unixSeconds(context.clock);
  const now = BigInt(seconds);
  if (record.floorHash === UNSEALED_FLOOR) throw new InterlockError("UNSEALED", "no floor is sealed for this key");
  const intent = parseIntent(readIntent(request.intent));
  const sealed = context.floors.read(request.floor, record.floorHash);
  checkBinding(intent, record, sealed.policyId);
  const digest = ownDigest(intent);
  checkDeadline(intent.deadline, now);
  const decision = await verifyDecision(request.decision, { keys: context.policyKeys, now: seconds });
  const authorization = await verifyAuthorization(request.authorization, { keys: context.permissionsKeys, now: seconds });
  const spending = spendingInsideFloor(sealed, intent, now);
  const { policyId, floor } = sealed;
  const { nonce, deadline } = intent;
  checkClaims(decision, authorization, { identity: record, digest, policyId, policyHash: floor.policyHash, nonce, deadline, spending });
  const { keyRef, generation, floorHash } = record;
  return {
    admissionId: context.admissions.add({ keyRef, generation, floorHash, digest }),
    digest,
    executionId: authorization.executionId,
    nonce: String(nonce),
    deadline: String(deadline),
    operations: spending.operations,
    spends: spending.spends.map(({ token, amount }) => ({ token: lower(token), amount: String(amount) })),
    tickets: [decision, authorization].map(({ jti, exp }) => ({ jti, expiresAt: exp })),
  };
}

function lower(token: `0x${string}`): `0x${string}` {
  return `0x${token.slice(2).toLowerCase()}`;
}
