import { describe, expect, it } from "vitest";
import { outgoingDeadline } from "./deadline.js";
import { currentContext, requireActor, requireCaller, runDetached, runInContext } from "./request-context.js";

describe("the deadline of an outgoing call", () => {
  it("is the call's own outside a request", () => {
    expect(outgoingDeadline(5_000, 1_000)).toBe(6_000);
  });

  it("is never later than the request's", () => {
    expect(runInContext({ deadline: 3_000 }, () => outgoingDeadline(5_000, 1_000))).toBe(3_000);
    expect(runInContext({ deadline: 9_000 }, () => outgoingDeadline(5_000, 1_000))).toBe(6_000);
  });

  it("refuses a call that has no time left", () => {
    expect(() => runInContext({ deadline: 1_000 }, () => outgoingDeadline(5_000, 1_000))).toThrow(
      expect.objectContaining({ code: "DEADLINE_EXCEEDED" }),
    );
  });
});

describe("the request context", () => {
  it("has no principal and no caller outside a verified call", () => {
    expect(() => requireActor()).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
    expect(() => requireCaller()).toThrow(expect.objectContaining({ code: "UNAUTHENTICATED" }));
  });

  it("reaches what a request starts, unless that is detached", async () => {
    await runInContext({ deadline: 7 }, async () => {
      await Promise.resolve();
      expect(currentContext()?.deadline).toBe(7);
      expect(runDetached(() => currentContext())).toBeUndefined();
    });
  });
});
