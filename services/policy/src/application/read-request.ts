import { parseUint, refuseField } from "#platform/intent/field.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { usageFromMessage } from "#platform/limits/usage-message.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type { DecideRequest } from "#proto/interlock/policy/v1/policy.js";
import type { Question } from "../domain/question.js";
import type { DocumentCache } from "./document-cache.js";

/** Most seconds that the caller's clock and ours may differ. */
const MAX_SKEW_SECONDS = 30;

/**
 * The question in a request.
 * @throws InterlockError VALIDATION_FAILED naming the field that is malformed, or `at` when the clocks differ too much.
 */
export function readRequest(request: DecideRequest, documents: DocumentCache, clock: Clock): Question {
  const at = parseUint("at", request.at, 40);
  const skew = Number(at) - unixSeconds(clock);
  if (Math.abs(skew) > MAX_SKEW_SECONDS) refuseField("at", `must be within ${MAX_SKEW_SECONDS} s of policy's clock`, request.at);
  return {
    compiled: documents.compile(request.document),
    policy: policyFromMessage(request.policy),
    intent: parseIntent(request.intent),
    usage: usageFromMessage(request.usage),
    conditions: request.conditions ?? [],
    at,
  };
}
