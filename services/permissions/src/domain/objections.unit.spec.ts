import { describe, expect, it } from "vitest";
import { withSimulation } from "./objections.js";
import { reason } from "./reason.js";

const fromPolicy = reason("PER_OP_EXCEEDED", "too much", { ruleId: "pay", path: "budgets.usdc.perOp" });
const simulated = (code: string, actual: string) => reason(code, `the chain would refuse it: ${actual}`, { path: "chain", actual });

describe("reasons of policy and of the chain", () => {
  it("are policy's alone when the simulation went well", () => {
    expect(withSimulation([fromPolicy], undefined)).toEqual([fromPolicy]);
    expect(withSimulation([], undefined)).toEqual([]);
  });

  it("list a code once when both refuse for the same cause, and name the chain's error", () => {
    const reasons = withSimulation([fromPolicy], simulated("PER_OP_EXCEEDED", "PerOpExceeded"));
    expect(reasons).toEqual([{ ...fromPolicy, message: "too much; the chain would refuse it too: PerOpExceeded" }]);
  });

  it("mark what only the chain says", () => {
    const reasons = withSimulation([fromPolicy], simulated("OP_RATE_EXCEEDED", "RateLimited"));
    expect(reasons.map(({ code }) => code)).toEqual(["PER_OP_EXCEEDED", "OP_RATE_EXCEEDED"]);
    expect(reasons[1]).toMatchObject({ operator: "simulation", path: "chain", actual: "RateLimited" });
  });

  it("mark the chain's word when policy has none", () => {
    expect(withSimulation([], simulated("SIMULATION_FAILED", "CallFailed"))).toMatchObject([{ operator: "simulation", path: "chain" }]);
  });

  it.each(["TARGET_NOT_ALLOWED", "FUNCTION_NOT_ALLOWED", "RECIPIENT_NOT_ALLOWED"])(
    "take policy's exact word, %s, for what the chain calls out of scope",
    (code) => {
      const reasons = withSimulation([fromPolicy, reason(code, "not named")], simulated("NOT_IN_SCOPE", "NotInScope"));
      expect(reasons.map((one) => one.code)).toEqual(["PER_OP_EXCEEDED", code]);
      expect(reasons[1]?.message).toBe("not named; the chain would refuse it too: NotInScope");
    },
  );

  it("keep the chain's scope refusal when policy refuses for something else", () => {
    const reasons = withSimulation([fromPolicy], simulated("NOT_IN_SCOPE", "NotInScope"));
    expect(reasons.map(({ code }) => code)).toEqual(["PER_OP_EXCEEDED", "NOT_IN_SCOPE"]);
  });

  it("say how the chain called it by its code when it gave no name", () => {
    expect(withSimulation([fromPolicy], reason("PER_OP_EXCEEDED", "x"))[0]?.message).toContain("too: PER_OP_EXCEEDED");
  });

  it("stand on the chain's path when the relay named none", () => {
    expect(withSimulation([], reason("EXPIRED", "late", { path: "deadline" }))[0]?.path).toBe("deadline");
    expect(withSimulation([], reason("EXPIRED", "late"))[0]?.path).toBe("chain");
  });
});
