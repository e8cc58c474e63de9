import { describe, expect, test } from "vitest";
import { classifyRpcError, strongestOutcome } from "./classify-rpc-error.js";
import { RECORDED_RPC_ERRORS } from "./rpc-errors.recorded.js";

describe("the error table", () => {
  test.each(RECORDED_RPC_ERRORS)("takes $node's «$message» ($from) for $class", ({ message, code, class: wanted }) => {
    expect(classifyRpcError(message, code)).toBe(wanted);
  });

  test.each(RECORDED_RPC_ERRORS)("takes «$message» for $class also inside another node's words", ({ message, class: wanted }) => {
    expect(classifyRpcError(`call failed: ${message}`)).toBe(wanted);
  });

  test("takes what it does not know for the provider's trouble, never the operation's", () => {
    expect(classifyRpcError("some old nonsense")).toBe("transport");
    expect(classifyRpcError("")).toBe("transport");
    expect(classifyRpcError("some old nonsense", -32000)).toBe("transport");
  });

  test("knows a revert and an overloaded node by their codes alone", () => {
    expect(classifyRpcError("", 3)).toBe("revert");
    expect(classifyRpcError("", -32005)).toBe("busy");
  });
});

describe("several nodes' answers to one transaction", () => {
  test("count as accepted when one took it", () => {
    expect(strongestOutcome(["transport", "rejected", "accepted"])).toBe("accepted");
    expect(strongestOutcome(["nonce-too-low", "already-known"])).toBe("already-known");
  });

  test("say nothing when none was reached", () => {
    expect(strongestOutcome(["transport", "transport"])).toBe("transport");
    expect(strongestOutcome([])).toBe("transport");
  });

  test("are the operation's fault only when no node says otherwise", () => {
    expect(strongestOutcome(["rejected", "underpriced"])).toBe("underpriced");
    expect(strongestOutcome(["transport", "rejected"])).toBe("rejected");
  });
});
