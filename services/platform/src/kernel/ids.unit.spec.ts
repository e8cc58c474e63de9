import { describe, expect, it } from "vitest";
import { accountId, parseAccountId, parseSessionId, splitAccountId, uuidV7Factory } from "./ids.js";

describe("ids", () => {
  it("are ordered in time and never equal", () => {
    let now = 1_700_000_000_000;
    const ids = uuidV7Factory({ now: () => new Date(now) });
    const made = Array.from({ length: 50 }, (_, i) => {
      now += i % 3;
      return ids.next();
    });
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(50);
    expect(parseSessionId(made[0] ?? "")).toBe(made[0]);
  });

  it("name the field and the rule when they are malformed", () => {
    expect(() => parseSessionId("ABC", "sessionId")).toThrow(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        details: { field: "sessionId", rule: "must be a lower-case UUID", value: "ABC" },
      }),
    );
  });

  it("of accounts are lower case", () => {
    const address = `0x${"Ab".repeat(20)}`;
    expect(parseAccountId(`11155111:${address}`)).toBe(`11155111:${address.toLowerCase()}`);
    expect(splitAccountId(accountId(1n, address))).toEqual({ chainId: 1n, address: address.toLowerCase() });
  });

  it.each(["", "1:0x", `0:0x${"a".repeat(40)}`, `1:0x${"a".repeat(41)}`, `x:0x${"a".repeat(40)}`, `1:0x${"g".repeat(40)}`])(
    "refuse %j as an account",
    (text) => expect(() => parseAccountId(text)).toThrow(/must be chainId:0xaddress/),
  );
});
