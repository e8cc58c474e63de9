import { describe, expect, it } from "vitest";
import { concerned, type WatchedSession } from "./observation.js";

const ONE = `0x${"01".repeat(32)}` as const;
const TWO = `0x${"02".repeat(32)}` as const;
const session = (sessionId: string, account: WatchedSession["account"], policyId: WatchedSession["policyId"]): WatchedSession => ({
  sessionId,
  account,
  policyId,
  epoch: 0,
  chainId: "31337",
  module: "0x00000000000000000000000000000000000000bb",
});
const sessions = [
  session("a", "0xAA00000000000000000000000000000000000000", ONE),
  session("b", "0xAA00000000000000000000000000000000000000", TWO),
  session("c", "0xCC00000000000000000000000000000000000000", ONE),
];
const idsOf = (found: readonly WatchedSession[]) => found.map(({ sessionId }) => sessionId);

describe("an observation", () => {
  it("of one session concerns that session of that account only", () => {
    const seen = { kind: "disarmed", account: "0xaa00000000000000000000000000000000000000", policyId: ONE, detail: "" } as const;
    expect(idsOf(concerned(seen, sessions))).toEqual(["a"]);
  });

  it("of an account concerns all its sessions", () => {
    const seen = { kind: "epoch", account: "0xaa00000000000000000000000000000000000000", detail: "" } as const;
    expect(idsOf(concerned(seen, sessions))).toEqual(["a", "b"]);
  });
});
