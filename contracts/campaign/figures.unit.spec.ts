import { describe, expect, it } from "vitest";
import { figuresOf, sumOf } from "./figures.js";

describe("the figures of a contracts campaign", () => {
  it("are forge's calls and the counters of an invariant run", () => {
    const printed = [
      "[PASS] invariant_a() (runs: 2, calls: 2000, reverts: 0)",
      "[PASS] invariant_b() (runs: 2, calls: 2000, reverts: 0)",
      "invariants met: spend 174, RateLimited 50",
    ].join("\n");
    expect(figuresOf(printed)).toEqual({ "calls over invariants": 4000, spend: 174, RateLimited: 50 });
  });

  it("are the sequences, steps and differences of an oracle run", () => {
    const printed = "seeds 1..300 and 2 regressions: 302 sequences, 19400 steps\n0 differences in 9 s; never met: nothing\n";
    expect(figuresOf(printed)).toEqual({ sequences: 302, steps: 19_400, differences: 0 });
  });

  it("add up over parts", () => {
    expect(sumOf([{ spend: 1, steps: 2 }, { spend: 3 }, {}])).toEqual({ spend: 4, steps: 2 });
  });
});
