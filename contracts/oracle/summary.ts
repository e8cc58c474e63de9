/** Every refusal and every success a run must have met; a run that never met one has not compared it. */
const WANTED: readonly string[] = [
  ...["exec", "execSigned", "execBatch", "execBatchSigned", "execAdapter", "execAdapterSigned"],
  ...["arm", "armWithSig", "cancelArm", "cancelIntent", "disarm", "disarmWithSig", "forfeit", "disarmAll", "disarmAllWithSig"],
  ...[
    "configure",
    "disableModule",
    "enableModule",
    "queueRule",
    "queueRecipient",
    "queueUnpause",
    "removeRule",
    "removeRecipient",
    "pauseProtocol",
  ],
  ...["NotArmed", "Revoked", "NotKey", "NotSafe", "NotAuthorized", "NotYet", "Expired", "StaleEpoch", "RateLimited", "LimitExceeded"],
  ...["PerOpExceeded", "TokenNotInScope", "NotInScope", "SelfCall", "AlreadyUsedId", "BadPolicy", "BadBatch", "ApproveOutsideBatch"],
  ...["AllowanceLeft", "ValueNotAllowed", "WrongKind", "BadSignature", "NonceUsed", "DeadlinePassed", "CallFailed", "ModuleNotEnabled"],
  ...["NotGuardian", "NotGovernor", "BadRule", "BadRecipient", "RuleExists", "RecipientExists", "NotAllowed", "RuleTooNew"],
  ...["ProtocolNotInScope", "ProtocolIsPaused", "RecipientNotAllowed", "BadCalldata"],
];

/** Prints how often each outcome was met; returns those that never were. */
export function summarise(counts: ReadonlyMap<string, number>): string[] {
  const byOutcome = new Map<string, number>();
  for (const [name, count] of counts) {
    const outcome = /: (\w+)/.exec(name)?.[1] ?? name;
    byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + count);
  }
  console.log([...byOutcome].map(([outcome, count]) => `${outcome} ${count}`).join(", "));
  return WANTED.filter((outcome) => !byOutcome.has(outcome));
}
