import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { AT, authorize, BLOCK_B, broadcasted, cancel, finalise, history, mine, replace, sign } from "./execution.builder.js";
import type { ExecutionCommand } from "./execution-command.js";
import { reason } from "./reason.js";

const executionId = "0199a0a0-0000-7000-8000-000000000001";
const deny: ExecutionCommand = { do: "deny", at: AT, reasons: [], decisionId: "d", reserved: false };
const failSimulation: ExecutionCommand = { do: "failSimulation", at: AT, reasons: [], signed: false };
const expire: ExecutionCommand = { do: "expire", at: AT, reasons: [] };

/** The last event of an execution that was mined without success for `failure` and is now confirmed. */
function endOf(failure: ReturnType<typeof reason>) {
  const mined: ExecutionCommand = {
    do: "mine",
    at: AT,
    transactionHash: "0x1",
    blockNumber: "7",
    blockHash: "0xaaaa",
    blockTime: "1000",
    success: false,
    reasons: [failure],
  };
  return history(...broadcasted, mined, finalise("0x1")).events.at(-1);
}

describe("the end of an execution that failed on chain", () => {
  it("is EXPIRED only when the chain refused its own deadline", () => {
    expect(endOf({ ...reason("EXPIRED", ""), path: "deadline" })).toMatchObject({
      type: "execution.expired.v1",
      data: { executionId, at: AT, transactionHash: "0x1", reasons: [{ code: "EXPIRED" }] },
    });
    expect(endOf({ ...reason("EXPIRED", ""), path: "validUntil" })).toMatchObject({ type: "execution.reverted.v1" });
    expect(endOf({ ...reason("BUDGET_EXCEEDED", ""), path: "deadline" })).toMatchObject({
      type: "execution.reverted.v1",
      data: { transactionHash: "0x1", blockHash: "0xaaaa", reasons: [{ code: "BUDGET_EXCEEDED" }] },
    });
  });
});

describe("a step that comes too late", () => {
  it.each([deny, authorize, failSimulation, sign("0x2"), expire])("is refused once a nonce is leased: $do", (command) => {
    const { state } = history(authorize, sign("0x1"));
    const rule = `${command.do} comes after the nonce was leased`;
    expect(() => decide(state, command)).toThrow(
      expect.objectContaining({ code: "CONFLICT", message: rule, details: { executionId, state: "SIGNED", rule } }),
    );
  });

  it.each([deny, authorize, failSimulation, sign("0x2"), expire])("is refused after the end: $do", (command) => {
    const rule = `${command.do} comes after the end`;
    expect(() => decide(history(expire).state, command)).toThrow(
      expect.objectContaining({ code: "CONFLICT", message: rule, details: { executionId, state: "EXPIRED", rule } }),
    );
  });

  it("is refused before it is authorised, and for an execution nobody knows", () => {
    expect(() => decide(history().state, sign("0x1"))).toThrow(
      expect.objectContaining({ code: "CONFLICT", message: "only an authorised execution gets a nonce" }),
    );
    expect(() => decide(undefined, authorize)).toThrow(
      expect.objectContaining({ code: "NOT_FOUND", message: "There is no such execution" }),
    );
  });

  it("is refused without a nonce, or with a transaction of somebody else", () => {
    expect(() => decide(history(authorize).state, replace("0x2"))).toThrow(
      expect.objectContaining({ code: "CONFLICT", message: "replace needs a leased nonce", details: { executionId } }),
    );
    expect(() => decide(history(...broadcasted).state, mine("0xfeed"))).toThrow(
      expect.objectContaining({
        code: "CONFLICT",
        message: "this transaction is not an attempt of this execution",
        details: { executionId, transactionHash: "0xfeed" },
      }),
    );
  });

  it("cannot cancel what is mined, and says what it is", () => {
    expect(() => decide(history(...broadcasted, mine("0x1")).state, cancel)).toThrow(
      expect.objectContaining({ code: "EXECUTION_FINAL", details: { executionId, state: "MINED" } }),
    );
  });
});

describe("news that are none", () => {
  it.each<[string, readonly ExecutionCommand[], ExecutionCommand]>([
    ["a second authorisation", [authorize], authorize],
    ["a replacement of what is mined", [...broadcasted, mine("0x1")], replace("0x2")],
    ["a replacement after the end", [...broadcasted, mine("0x1"), finalise("0x1")], replace("0x2")],
    ["a void attempt that was mined", [...broadcasted, replace("0x2", "void")], mine("0x2")],
    ["an end before it was mined", broadcasted, finalise("0x1")],
    ["an end in another block", [...broadcasted, mine("0x1")], finalise("0x1", BLOCK_B)],
    ["a second end", [...broadcasted, mine("0x1"), finalise("0x1")], finalise("0x1")],
    ["a reorganisation of another block", [...broadcasted, mine("0x1")], { do: "reorg", at: AT, blockHash: "0xbbbb" }],
    ["a reorganisation of what was not mined", broadcasted, { do: "reorg", at: AT, blockHash: "0xaaaa" }],
  ])("are no event: %s", (_what, before, command) => {
    expect(decide(history(...before).state, command)).toEqual([]);
  });
});
