import { describe, expect, it } from "vitest";
import { aDraft, anArmed, apply, aUse, hash } from "../testing/session.builder.js";
import { address, bytes32, decimal, seconds } from "./fields.js";
import { isSessionEventType, parseSessionEvent } from "./parse-event.js";
import { policyData } from "./policy-data.js";

const { drafted } = aDraft();

describe("an event of a session's stream", () => {
  it("is read back as it was decided", () => {
    const [event] = apply(anArmed(), aUse(1)).events;
    if (event === undefined) throw new Error("no event");
    expect(parseSessionEvent(event)).toEqual(event);
    expect(parseSessionEvent({ type: "grant.drafted.v1", data: drafted })).toEqual({ type: "grant.drafted.v1", data: drafted });
  });

  it("is carried but not understood when it is of a later version", () => {
    expect(isSessionEventType("session.armed.v1")).toBe(true);
    expect([isSessionEventType("session.armed.v9"), isSessionEventType("toString")]).toEqual([false, false]);
    expect(parseSessionEvent({ type: "session.armed.v9", data: {} })).toBeUndefined();
  });

  it("is no ground for any decision when its data has not the shape of its type", () => {
    const damaged = expect.objectContaining({
      code: "INTERNAL",
      message: "a stored grant.expired.v1 has not the shape of its type",
      cause: expect.anything(),
    });
    const { sessionId, account, chainId } = drafted;
    for (const over of [{ sessionId: "1" }, { account: "0x1" }, { chainId: "-1" }, { at: -1 }, { expiresAt: "now" }]) {
      const data = { sessionId, account, chainId, expiresAt: 1, at: 1, ...over };
      expect(() => parseSessionEvent({ type: "grant.expired.v1", data })).toThrow(damaged);
    }
  });

  it("holds spending as address and decimal text", () => {
    const [event] = apply(anArmed(), aUse(1)).events;
    const data = event?.data ?? {};
    for (const spends of [[{ token: "0x1", amount: "1" }], [{ token: `0x${"11".repeat(20)}`, amount: "1.5" }], [{}]]) {
      expect(() => parseSessionEvent({ type: "session.use.authorized.v1", data: { ...data, spends } })).toThrow();
    }
  });
});

describe("the spelling of an event's fields", () => {
  it.each([
    ["decimal", decimal, ["0", "7", "1".repeat(78)], ["", "00", "01", "1x", "x1", "-1", "1".repeat(79), 7]],
    ["address", address, [`0x${"a1".repeat(20)}`], [`0x${"A1".repeat(20)}`, `0x${"a1".repeat(21)}`, `x0x${"a1".repeat(20)}`, "0x"]],
    ["bytes32", bytes32, [hash("a1")], [hash("A1"), `${hash("a1")}00`, `x${hash("a1")}`, "0x"]],
    ["seconds", seconds, [0, 1], [-1, 1.5, "1"]],
  ])("is one for each: %s", (_name, schema, good, bad) => {
    for (const value of good) expect(schema.safeParse(value).success).toBe(true);
    for (const value of bad) expect(schema.safeParse(value).success).toBe(false);
  });

  it("is that of the chain for a policy", () => {
    const { policy } = drafted;
    const fits = (over: object) => policyData.safeParse({ ...policy, ...over }).success;
    expect([fits({}), fits({ maxOps: 0 }), fits({ maxOps: 10 }), fits({ maxSlippageBps: 65_535 })]).toEqual([true, true, true, true]);
    for (const over of [
      { maxOps: -1 },
      { maxOps: 11 },
      { maxSlippageBps: -1 },
      { maxSlippageBps: 65_536 },
      { safe: 1 },
      { limits: [{}] },
    ]) {
      expect(fits(over)).toBe(false);
    }
  });
});
