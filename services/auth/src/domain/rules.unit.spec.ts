import type { Address } from "viem";
import { describe, expect, it } from "vitest";
import { isLive, type LoginRecord, loginExpiry } from "./login-record.js";
import { csrfTokenHolds, csrfTokenOf } from "./opaque-secret.js";
import { collect, requireOwner } from "./owner-signatures.js";
import { ownershipAge } from "./ownership-age.js";
import { decideRotation } from "./refresh-rotation.js";

const NOW = new Date("2026-01-01T00:00:00.000Z");
const later = (ms: number) => new Date(NOW.getTime() + ms);
const login: LoginRecord = {
  id: "login",
  mode: "token",
  chainId: 1,
  subject: "0x",
  method: "siwe-eoa",
  createdAt: NOW,
  expiresAt: later(1_000),
};
const address = (digit: string): Address => `0x${digit.repeat(40)}`;

describe("a refresh token", () => {
  it("is rotated when it is unused and its login lives", () => {
    expect(decideRotation({ login }, NOW)).toEqual({ kind: "rotate" });
  });
  it("ends the family when it was used before", () => {
    expect(decideRotation({ login, usedAt: NOW }, NOW)).toEqual({ kind: "end_family", reason: "refresh_reused" });
  });
  it("is refused when it is unknown, or its login is over", () => {
    expect(decideRotation(undefined, NOW)).toEqual({ kind: "refuse", code: "UNAUTHENTICATED" });
    expect(decideRotation({ login }, later(1_000))).toEqual({ kind: "refuse", code: "SESSION_EXPIRED" });
    expect(decideRotation({ login: { ...login, endedAt: NOW }, usedAt: NOW }, NOW)).toEqual({ kind: "refuse", code: "SESSION_EXPIRED" });
  });
});

describe("a login", () => {
  it("lives until its expiry or its end", () => {
    expect([isLive(login, later(999)), isLive(login, later(1_000)), isLive({ ...login, endedAt: NOW }, NOW)]).toEqual([true, false, false]);
  });
  it("lasts 12 hours on the web and 7 days with tokens", () => {
    expect(loginExpiry("web", NOW).getTime() - NOW.getTime()).toBe(43_200_000);
    expect(loginExpiry("token", NOW).getTime() - NOW.getTime()).toBe(604_800_000);
  });
});

describe("ownership read from the chain", () => {
  it.each([
    [900_000, "fresh"],
    [900_001, "due"],
    [86_400_000, "due"],
    [86_400_001, "void"],
  ])("after %i ms is %s", (age, expected) => {
    expect(ownershipAge(NOW, later(age))).toBe(expected);
  });
});

describe("owners' signatures", () => {
  const safe = { owners: [address("1"), address("2"), address("A")], threshold: 2 };
  const by = (digit: string) => ({ owner: address(digit), signature: `0x${digit}${digit}` as const });

  it("are enough at the threshold, of which no more are taken", () => {
    expect(collect([by("1")], safe)).toEqual({ status: "collecting", collected: 1, needed: 2 });
    expect(collect([by("1"), by("2"), by("A")], safe)).toMatchObject({ status: "enough", collected: 3, signatures: [by("1"), by("2")] });
  });
  it("do not count twice for one owner, however the address is written, nor for one who is an owner no more", () => {
    expect(collect([by("A"), by("a")], safe)).toMatchObject({ status: "collecting", collected: 1 });
    expect(collect([by("1"), by("3")], safe)).toMatchObject({ status: "collecting", collected: 1 });
  });
  it("are refused from a stranger", () => {
    expect(() => requireOwner(address("a"), safe)).not.toThrow();
    expect(() => requireOwner(address("3"), safe)).toThrow(expect.objectContaining({ code: "SIWE_INVALID" }));
  });
});

describe("the CSRF token of a web session", () => {
  it("holds for its own session only", () => {
    const token = csrfTokenOf("session-a");
    expect([csrfTokenHolds("session-a", token), csrfTokenHolds("session-b", token), csrfTokenHolds("session-a", "")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
