import { describe, expect, test } from "vitest";
import { actionJson } from "./action.js";
import { chainReason } from "./chain-reason.js";
import { isTerminal } from "./execution-status.js";
import { orphans } from "./reorg.js";
import { saysSessionGone } from "./session-gone.js";

describe("a chain's refusal", () => {
  test.each([
    ["NotArmed", "EXTERNALLY_REVOKED"],
    ["Revoked", "EXTERNALLY_REVOKED"],
    ["ModuleNotEnabled", "EXTERNALLY_REVOKED"],
    ["GS104", "EXTERNALLY_REVOKED"],
    ["StaleEpoch", "STALE_EPOCH"],
    ["NotYet", "NOT_YET_VALID"],
    ["DeadlinePassed", "EXPIRED"],
    ["NotAllowed", "FUNCTION_NOT_ALLOWED"],
    ["LimitExceeded", "BUDGET_EXCEEDED"],
    ["SomethingElse", "SIMULATION_FAILED"],
  ])("%s is told as %s", (name, code) => {
    expect(chainReason({ name, detail: "" }).code).toBe(code);
  });

  test("names the error and its arguments, and marks the one that is only lateness", () => {
    expect(chainReason({ name: "LimitExceeded", detail: "asked=5, left=3" })).toMatchObject({
      message: "the chain refused it: LimitExceeded (asked=5, left=3)",
      path: "chain",
      actual: "LimitExceeded",
    });
    expect(chainReason({ name: "DeadlinePassed", detail: "" })).toMatchObject({
      message: "the chain refused it: DeadlinePassed",
      path: "deadline",
    });
  });

  test.each(["NotArmed", "Revoked", "StaleEpoch", "NotKey", "ModuleNotEnabled", "GS104"])("%s says that the session is gone", (name) => {
    expect(saysSessionGone(name)).toBe(true);
  });

  test("a limit says nothing about the session itself", () => {
    expect(saysSessionGone("LimitExceeded")).toBe(false);
  });
});

describe("blocks the chain gave up", () => {
  const seen = [3n, 2n, 1n].map((number) => ({ number, hash: `h${number}` }));

  test("are all above the highest one that still stands", () => {
    const chain = new Map([
      [1n, "h1"],
      [2n, "x2"],
      [3n, "x3"],
    ]);
    expect(orphans(seen, (height) => chain.get(height)).map(({ hash }) => hash)).toEqual(["h3", "h2"]);
  });

  test("are none while the newest stands, whatever lies below", () => {
    expect(orphans(seen, (height) => (height === 3n ? "h3" : "other"))).toEqual([]);
  });

  test("include heights a shorter chain does not have", () => {
    expect(orphans([...seen].reverse(), (height) => (height === 1n ? "h1" : undefined)).map(({ number }) => number)).toEqual([3n, 2n]);
  });
});

describe("an action in an event", () => {
  const call = { to: "0x00000000000000000000000000000000000000aa", value: 7n, data: "0x01" } as const;
  const json = { ...call, value: "7" };

  test("has the shape of the wire message, amounts as text", () => {
    expect(actionJson({ kind: "call", call })).toEqual({ call: json });
    expect(actionJson({ kind: "batch", calls: [call, call] })).toEqual({ batch: { calls: [json, json] } });
    expect(actionJson({ kind: "adapter", adapter: call.to, args: "0x02" })).toEqual({ adapter: { adapter: call.to, args: "0x02" } });
  });
});

describe("an execution's end", () => {
  test("is one of six states", () => {
    const over = ["DENIED", "SIM_FAILED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED"] as const;
    const not = ["RECEIVED", "AUTHORIZED", "SIGNED", "BROADCAST", "REPLACED", "MINED", "REORGED", "CANCELLING", "HELD"] as const;
    expect(over.every(isTerminal)).toBe(true);
    expect(not.some(isTerminal)).toBe(false);
  });
});
