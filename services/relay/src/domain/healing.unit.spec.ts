import { describe, expect, test } from "vitest";
import { type NonceView, type OpenSlot, planHealing } from "./healing.js";

const RULES = { stuckBlocks: 5n, resendBlocks: 3n, window: 2n };
const slot = (nonce: bigint, change: Partial<OpenSlot> = {}): OpenSlot => ({
  nonce,
  unwanted: false,
  currentKind: "intent",
  mined: false,
  attemptedAtBlock: 100n,
  sentAtBlock: 100n,
  ...change,
});
const plan = (open: readonly OpenSlot[], view: Partial<NonceView> = {}) =>
  planHealing({ head: 100n, chainNonce: 5n, next: 5n, open, taken: new Set(open.map(({ nonce }) => nonce)), ...view }, RULES);

describe("healing", () => {
  test("leaves a transaction alone that was sent lately", () => {
    expect(plan([slot(5n)], { next: 6n })).toEqual([]);
  });

  test("sends bytes that never went out, and those that went out a while ago", () => {
    expect(plan([slot(5n, { sentAtBlock: undefined })], { next: 6n })).toEqual([{ do: "resend", nonce: 5n }]);
    expect(plan([slot(7n, { sentAtBlock: 97n })], { next: 5n })).toEqual([{ do: "resend", nonce: 7n }]);
    expect(plan([slot(7n, { sentAtBlock: 98n })], { next: 5n })).toEqual([]);
  });

  test("raises the fees at the head of the line only, after enough blocks without progress", () => {
    const old = { attemptedAtBlock: 95n, sentAtBlock: 99n };
    expect(plan([slot(5n, old), slot(6n, old), slot(7n, old)], { next: 8n })).toEqual([
      { do: "replace", nonce: 5n },
      { do: "replace", nonce: 6n },
    ]);
    expect(plan([slot(5n, { ...old, attemptedAtBlock: 96n })], { next: 6n })).toEqual([]);
  });

  test("never replaces what did not go out yet: the identical bytes come first", () => {
    expect(plan([slot(5n, { attemptedAtBlock: 0n, sentAtBlock: undefined })], { next: 6n })).toEqual([{ do: "resend", nonce: 5n }]);
  });

  test("uses up a nonce nobody wants any more, once", () => {
    expect(plan([slot(5n, { unwanted: true })], { next: 6n })).toEqual([{ do: "void", nonce: 5n }]);
    expect(plan([slot(5n, { unwanted: true, currentKind: "void" })], { next: 6n })).toEqual([]);
  });

  test("looks up a nonce the chain has used without our seeing it, and touches none that is mined", () => {
    expect(plan([slot(4n), slot(5n, { mined: true, unwanted: true })], { next: 6n })).toEqual([{ do: "look-up", nonce: 4n }]);
  });

  test("fills each gap below the ledger's next nonce, in order, and nothing that has a slot", () => {
    expect(plan([slot(6n)], { next: 8n })).toEqual([
      { do: "fill", nonce: 5n },
      { do: "fill", nonce: 7n },
    ]);
    expect(plan([], { next: 6n, taken: new Set([5n]) })).toEqual([]);
  });
});
