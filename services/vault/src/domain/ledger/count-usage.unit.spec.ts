import { describe, expect, it } from "vitest";
import { UNUSED } from "#platform/limits/limits-state.js";
import { usageToMessage } from "#platform/limits/usage-message.js";
import { floorLimits } from "#platform/session-policy/floor-operation.js";
import { BOB, NOT_BEFORE, USDC } from "#platform/session-policy/policy-document.builder.js";
import { armedPolicy } from "../session-key.builder.js";
import { countUsage } from "./count-usage.js";
import { usageFromJson, usageToJson } from "./usage-json.js";

const limits = floorLimits(armedPolicy().floor);
const now = BigInt(NOT_BEFORE) + 10n;
const spending = (amount: bigint, token: `0x${string}` = USDC) => ({ operations: 1, spends: [{ token, amount }] });

describe("the vault's own count", () => {
  it("adds what was signed to what was signed before", () => {
    const once = countUsage(limits, UNUSED, spending(100n), now);
    const twice = countUsage(limits, once, spending(50n), now + 1n);
    expect(twice.budgets.get(USDC)?.current).toBe(150n);
    expect(twice.operations).toEqual([now, now + 1n]);
  });

  it("refuses what goes over one operation's limit, and says by how much", () => {
    expect(() => countUsage(limits, UNUSED, spending(500_000_001n), now)).toThrow(
      expect.objectContaining({
        code: "FLOOR_EXCEEDED",
        message: "the sealed floor does not allow this: PER_OP_EXCEEDED",
        details: { reason: "PER_OP_EXCEEDED", token: USDC, asked: "500000001", limit: "500000000" },
      }),
    );
  });

  it("refuses a token the floor does not name", () => {
    expect(() => countUsage(limits, UNUSED, spending(1n, BOB), now)).toThrow(
      expect.objectContaining({ details: { reason: "TOKEN_NOT_IN_SCOPE", token: BOB, asked: "1" } }),
    );
  });

  it("refuses the eleventh operation of a window for ten", () => {
    let used = UNUSED;
    for (let i = 0; i < 10; i += 1) used = countUsage(limits, used, spending(1n), now);
    expect(() => countUsage(limits, used, spending(1n), now)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: "OP_RATE_EXCEEDED", left: "0" }) }),
    );
  });

  it("is stored as decimal text and read back as it was", () => {
    const used = countUsage(limits, UNUSED, spending(100n), now);
    const stored = usageToJson(used);
    expect(stored).toEqual({
      budgets: [{ token: USDC, bucketIndex: "0", previous: "0", current: "100" }],
      operations: [String(now)],
    });
    expect(usageFromJson(usageToMessage(used))).toEqual(used);
  });
});
