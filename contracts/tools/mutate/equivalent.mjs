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
    file: "src/module/EmergencyClose.sol",
    before: "if (!funded) revert RefundFailed();",
    after: "",
    proof:
      "The Safe's receive() accepts value from everybody and its proxy forwards to it, in 1.4.1 and 1.5.0: for a Safe, funded is true. " +
      "An account that is no Safe would pay the fee from its own balance or fail in the next step.",
  },
];
