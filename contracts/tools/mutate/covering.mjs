// Which tests meet a source file first: most mutants die in them within a second, and only those that do not meet the whole suite.
const COVERING = [
  [/Gmx/, "Gmx*"],
  [/SwapAdapter/, "Swap*"],
  [/PriceFeeds/, "{Swap,Gmx}*"],
  [/audit\//, "AuditAnchor*"],
  [/registry\/|ProtocolWord|RuleWord/, "{Authority,Roles,Metavaults,Corners,Limits}*"],
  [/EmergencyClose|SafeCaller|Getter/, "{Operations,Corners,SafeAnswers,attacks/Griefing,attacks/Closing,attacks/OddTokens}*"],
  [/SessionSignatures|NonceBitmap/, "{Authority,attacks/Signatures,Operations}*"],
  [/SessionRevocation|SessionArming/, "{Authority,Limits,Operations}*"],
  [/./, "{Limits,Authority,Operations,Validate,Corners}*"],
];

/** Arguments of `forge test` for the tests to ask first about a mutant of `path`. */
export function coveringTests(path) {
  const [, pattern] = COVERING.find(([source]) => source.test(path)) ?? [undefined, "*"];
  return ["--match-path", `test/${pattern}`, "--no-match-test", "testFuzz", "--fail-fast"];
}
