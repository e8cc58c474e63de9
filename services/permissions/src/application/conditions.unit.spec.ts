import { describe, expect, it } from "vitest";
import type { Condition } from "#platform/health/condition.js";
import { forbidding } from "./conditions.js";

const holding = (...conditions: Condition[]) => ({ held: () => new Set(conditions) });

describe("what forbids widening", () => {
  it("is nothing while nothing is down, or only the console", () => expect(forbidding(holding("UiDown"), "useOpen")).toEqual([]));

  it("tells a USE from an ARM: an empty paymaster forbids the first", () => {
    expect(forbidding(holding("PaymasterEmpty"), "useOpen")).toEqual(["PaymasterEmpty"]);
    expect(forbidding(holding("PaymasterEmpty"), "arm")).toEqual([]);
  });

  it("names every one of several", () => {
    expect(forbidding(holding("DbDown", "KafkaDown", "SignerDown"), "arm")).toEqual(["DbDown", "SignerDown"]);
  });

  it("is the event log where it is away and the outbox full, and not where only one of both is so", () => {
    expect(forbidding(holding("KafkaDown"), "useOpen", true)).toEqual(["KafkaDown"]);
    expect(forbidding(holding("KafkaDown"), "useOpen", false)).toEqual([]);
    expect(forbidding(holding(), "useOpen", true)).toEqual([]);
  });
});
