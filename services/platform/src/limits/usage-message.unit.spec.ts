import { describe, expect, it } from "vitest";
import { usageFromMessage, usageToMessage } from "./usage-message.js";

const USDC = "0x00000000000000000000000000000000000000c1";
const DAI = "0x00000000000000000000000000000000000000c2";
const budget = { token: USDC, bucketIndex: "3", previous: "4", current: "5" };

describe("usage on the wire", () => {
  it("comes back as it was", () => {
    const state = { budgets: new Map([[DAI, { index: 1n, previous: 2n, current: 3n }]]), operations: [7n, 8n] };
    expect(usageFromMessage(usageToMessage(state))).toEqual(state);
  });
  it("has its tokens sorted, so that equal states give equal bytes", () => {
    const one = { index: 0n, previous: 0n, current: 1n };
    const budgets = new Map([
      [DAI, one],
      [USDC, one],
    ]);
    expect(usageToMessage({ budgets, operations: [] }).budgets.map(({ token }) => token)).toEqual([USDC, DAI]);
  });
  it.each([undefined, null])("is an unused session when it is %s", (absent) => {
    expect(usageFromMessage(absent)).toEqual({ budgets: new Map(), operations: [] });
  });
  it.each([
    [{ budgets: [{ ...budget, token: "0x1" }], operations: [] }, "usage.budgets[0].token: must be an address"],
    [
      { budgets: [budget, { ...budget, token: USDC.toUpperCase().replace("0X", "0x") }], operations: [] },
      "usage.budgets[1].token: must not be given twice",
    ],
    [{ budgets: [{ ...budget, current: "-1" }], operations: [] }, "usage.budgets[0].current: must be an unsigned decimal integer"],
    [{ budgets: [{ ...budget, previous: "01" }], operations: [] }, "usage.budgets[0].previous: must be an unsigned decimal integer"],
    [{ budgets: [{ ...budget, bucketIndex: "" }], operations: [] }, "usage.budgets[0].bucket_index: must be an unsigned decimal integer"],
    [{ budgets: [], operations: ["1", "x"] }, "usage.operations[1]: must be an unsigned decimal integer"],
    [{ budgets: [], operations: ["2", "1"] }, "usage.operations[1]: must be oldest first"],
  ])("is refused when malformed: %#", (usage, message) => {
    expect(() => usageFromMessage(usage)).toThrow(message);
  });
});
