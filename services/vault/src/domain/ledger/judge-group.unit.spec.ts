import { describe, expect, it } from "vitest";
import { UNUSED } from "#platform/limits/limits-state.js";
import { floorLimits } from "#platform/session-policy/floor-operation.js";
import { NOT_BEFORE, USDC } from "#platform/session-policy/policy-document.builder.js";
import { armedPolicy } from "../session-key.builder.js";
import { type AdmittedRequest, type Book, judgeGroup } from "./judge-group.js";
import type { LedgerEntry } from "./judge-repeat.js";

const now = BigInt(NOT_BEFORE) + 10n;
const book = (more: Partial<Book> = {}): Book => ({
  keyRef: "k",
  generation: 1,
  limits: floorLimits(armedPolicy().floor),
  usage: UNUSED,
  entries: new Map(),
  used: new Map(),
  ...more,
});
const request = (n: number, more: Partial<AdmittedRequest> = {}): AdmittedRequest => ({
  digest: `0x0${n}`,
  nonce: String(n),
  deadline: "99",
  operations: 1,
  spends: [{ token: USDC, amount: "100" }],
  tickets: [{ jti: `t${n}`, expiresAt: 9 }],
  ...more,
});
const entry = (digest: `0x${string}`, signature?: `0x${string}`): LedgerEntry => ({ digest, generation: 1, deadline: 99n, signature });
const refusal = (code: string) => ({ kind: "refused", error: expect.objectContaining({ code }) });

describe("requests for one key that share a commit", () => {
  it("are counted one on top of the other, and use their tickets up", () => {
    const group = judgeGroup(book(), [request(1), request(2)], now);
    expect(group.judgements).toEqual([{ kind: "counted" }, { kind: "counted" }]);
    expect(group.counted).toHaveLength(2);
    expect(group.usage.budgets.get(USDC)?.current).toBe(200n);
    expect(group.tickets).toEqual([
      { jti: "t1", digest: "0x01", expiresAt: 9 },
      { jti: "t2", digest: "0x02", expiresAt: 9 },
    ]);
  });

  it("leave nothing behind when they are refused, and hinder nobody", () => {
    const wide = request(2, { spends: [{ token: USDC, amount: "500000001" }] });
    const group = judgeGroup(book(), [request(1), wide, request(3)], now);
    expect(group.judgements).toEqual([{ kind: "counted" }, refusal("FLOOR_EXCEEDED"), { kind: "counted" }]);
    expect(group.counted.map(({ nonce }) => nonce)).toEqual(["1", "3"]);
    expect(group.usage.budgets.get(USDC)?.current).toBe(200n);
    expect(group.tickets.map(({ jti }) => jti)).toEqual(["t1", "t3"]);
  });

  it("never exceed a limit together that each would keep alone", () => {
    const many = Array.from({ length: 11 }, (_, n) => request(n, { digest: `0x1${n}`, spends: [] }));
    const { judgements } = judgeGroup(book(), many, now);
    expect(judgements.filter(({ kind }) => kind === "counted")).toHaveLength(10);
    expect(judgements.at(-1)).toEqual(refusal("FLOOR_EXCEEDED"));
  });

  it("get no second digest under a nonce, be it signed before or counted just now", () => {
    const entries = new Map([["1", entry("0xff", "0xaa")]]);
    const group = judgeGroup(book({ entries }), [request(1), request(2), request(2, { digest: "0x77" })], now);
    expect(group.judgements).toEqual([refusal("NONCE_EQUIVOCATION"), { kind: "counted" }, refusal("NONCE_EQUIVOCATION")]);
  });

  it("that repeat a digest are not counted again: with its signature, or without one when it was never made", () => {
    const entries = new Map([
      ["1", entry("0x01", "0xaa")],
      ["2", entry("0x02")],
    ]);
    const group = judgeGroup(book({ entries }), [request(1), request(2), request(3), request(3)], now);
    expect(group.judgements).toEqual([
      { kind: "repeated", signature: "0xaa" },
      { kind: "repeated", signature: undefined },
      { kind: "counted" },
      { kind: "repeated", signature: undefined },
    ]);
    expect(group.counted.map(({ nonce }) => nonce)).toEqual(["3"]);
    expect(group.tickets.map(({ jti }) => jti)).toEqual(["t1", "t2", "t3"]);
  });

  it.each([
    ["another digest", { keyRef: "k", digest: "0x99" as const }],
    ["another key", { keyRef: "other", digest: "0x01" as const }],
  ])("are refused with a ticket that was used for %s", (_, before) => {
    const group = judgeGroup(book({ used: new Map([["t1", before]]) }), [request(1)], now);
    expect(group.judgements).toEqual([refusal("TICKET_INVALID")]);
    expect(group).toMatchObject({ counted: [], tickets: [], usage: UNUSED });
  });

  it("may show a ticket again for what it was used for, and no two may share one", () => {
    const used = new Map([["t1", { keyRef: "k", digest: "0x01" as const }]]);
    const shared = request(3, { tickets: [{ jti: "t2", expiresAt: 9 }] });
    const group = judgeGroup(book({ used }), [request(1), request(2), shared], now);
    expect(group.judgements).toEqual([{ kind: "counted" }, { kind: "counted" }, refusal("TICKET_INVALID")]);
    expect(group.tickets.map(({ jti }) => jti)).toEqual(["t2"]);
  });
});
