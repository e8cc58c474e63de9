import { describe, expect, it } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { SettleRequest } from "#proto/interlock/permissions/v1/permissions.js";
import type { Settle } from "./settle.js";
import { SettleMany } from "./settle-many.js";

const request = (executionId: string): SettleRequest => ({
  sessionId: "s",
  executionId,
  outcome: "committed",
  transactionHash: "",
  blockNumber: "",
  blockHash: "",
  blockTime: "",
});

function settling(failure: Error) {
  const execute: Settle["execute"] = async ({ executionId }) => {
    if (executionId === "bad") throw failure;
    return { version: "7" };
  };
  return new SettleMany({ execute } as Settle);
}

describe("settling many executions in one call", () => {
  it("tells each its own outcome, and one refusal hinders no other", async () => {
    const many = settling(new InterlockError("EXECUTION_FINAL", "the execution was expired"));
    const { results } = await many.execute({ settlements: ["a", "bad", "b"].map(request), traceparents: [] });
    expect(results).toEqual([
      { version: "7", code: "", message: "" },
      { version: "", code: "EXECUTION_FINAL", message: "the execution was expired" },
      { version: "7", code: "", message: "" },
    ]);
  });

  it("fails as a whole for what is no refusal: nobody is told that it was settled", async () => {
    const many = settling(new RangeError("broken"));
    await expect(many.execute({ settlements: [request("bad")], traceparents: [] })).rejects.toBeInstanceOf(RangeError);
  });

  it("takes 200 at most", async () => {
    const settlements = Array.from({ length: 201 }, () => request("a"));
    await expect(settling(new Error()).execute({ settlements, traceparents: [] })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
