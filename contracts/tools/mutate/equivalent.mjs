// Mutants that no test can kill, each with the proof that it changes nothing. A proof whose mutant is no longer made fails the campaign.
export const EQUIVALENT = [
  {
    file: "src/lib/Budget.sol",
    before: "uint256 private constant INDEX_SHIFT = 224;",
    after: "uint256 private constant INDEX_SHIFT = 225;",
    proof:
      "Both readers and the writer use the constant. The bucket number is at most 31,536,000 < 2^25, so shifted by 225 it ends at bit 249; " +
      "the buckets end at bit 223. The word is private to the module, and the value of every read is the same.",
  },
  {
    file: "src/registry/PolicyRegistry.sol",
    before: "uint256 newest = rulesBefore < block.timestamp ? rulesBefore : block.timestamp;",
    after: "uint256 newest = rulesBefore <= block.timestamp ? rulesBefore : block.timestamp;",
    proof: "Where the two are equal either is the same number.",
  },
  {
    file: "src/adapters/GmxAdapter.sol",
    before: "if (fee > maxExecutionFee) fee = maxExecutionFee;",
    after: "if (fee >= maxExecutionFee) fee = maxExecutionFee;",
    proof: "Where the two are equal the assignment changes nothing.",
  },
  {
    file: "src/module/SessionLimits.sol",
    before: "return maxOps - word.countAfter(stamp > window ? stamp - window : 0);",
    after: "return maxOps - word.countAfter(stamp >= window ? stamp - window : 0);",
    proof: "Where the two are equal the difference is the same 0.",
  },
  {
    file: "src/module/SafeCaller.sol",
    before: "if (gasleft() < STEP_GAS_ASKED) revert NotEnoughGas(STEP_GAS_ASKED);",
    after: "if (gasleft() <= STEP_GAS_ASKED) revert NotEnoughGas(STEP_GAS_ASKED);",
    proof:
      "They differ where exactly 5,161,290 gas are left: one goes on, the other refuses and nothing happened. What is promised is that a step gets " +
      "STEP_GAS; 63/64 of that amount is 80,645 more, so either bound keeps it.",
  },
  {
    file: "src/module/EmergencyClose.sol",
    before: "if (!ok && before - gasleft() < STEP_GAS / 2) {",
    after: "if (!ok && before - gasleft() <= STEP_GAS / 2) {",
    proof:
      "They differ for a vault whose failed redeem used exactly 2,500,000 gas. The bound tells who fails at the start from who burns 5,000,000; " +
      "nothing is promised about those in between, and two steps of that size stay below one and a half of the largest.",
  },
  {
    file: "src/module/EmergencyClose.sol",
    before: "if (!funded) revert RefundFailed();",
    after: "",
    proof:
      "The Safe's receive() accepts value from everybody and its proxy forwards to it, in 1.4.1 and 1.5.0: for a Safe, funded is true. " +
      "An account that is no Safe would pay the fee from its own balance or fail in the next step.",
  },
];
