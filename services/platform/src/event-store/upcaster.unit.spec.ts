import { describe, expect, it } from "vitest";
import { UpcasterRegistry } from "./upcaster.js";

const toSecond = { from: "armed.v1", to: "armed.v2", apply: (data: object) => ({ ...data, scope: "all" }) };
const toThird = { from: "armed.v2", to: "armed.v3", apply: (data: object) => ({ ...data, follow: false }) };

describe("upcasting", () => {
  it("takes an old event through every version to the newest", () => {
    const event = { type: "armed.v1", data: { policyHash: "0x1" }, version: 4 };
    expect(new UpcasterRegistry([toThird, toSecond]).upcast(event)).toEqual({
      type: "armed.v3",
      data: { policyHash: "0x1", scope: "all", follow: false },
      version: 4,
    });
  });

  it("carries a type it does not know as it is", () => {
    const event = { type: "never.seen.v9", data: { anything: 1 } };
    expect(new UpcasterRegistry([toSecond]).upcast(event)).toBe(event);
  });

  it("refuses two steps from one type, and steps in a circle", () => {
    expect(() => new UpcasterRegistry([toSecond, { ...toThird, from: "armed.v1" }])).toThrow(RangeError);
    expect(() => new UpcasterRegistry([toSecond, { ...toThird, to: "armed.v1" }])).toThrow(RangeError);
  });
});
