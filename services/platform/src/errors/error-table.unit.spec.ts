import { status } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { ERROR_TABLE, errorRow, isErrorCode } from "./error-table.js";
import { InterlockError } from "./interlock-error.js";
import { problemType, retryAfterSeconds, toProblem } from "./problem.js";
import { codeOfSelectorName } from "./selector-codes.js";

const codes = Object.keys(ERROR_TABLE).filter(isErrorCode);

describe("the error table", () => {
  it.each(codes)("has a complete row for %s", (code) => {
    const row = errorRow(code);
    expect(status[row.grpc]).toBeTypeOf("number");
    expect(row.http).toBeGreaterThanOrEqual(400);
    expect(row.type).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(row.title.length).toBeGreaterThan(10);
  });

  it("gives every code a problem type of its own", () => {
    expect(new Set(codes.map(problemType)).size).toBe(codes.length);
  });

  it("has a time to wait for everything that is unavailable or limited", () => {
    const temporary = codes.filter((code) => [429, 503].includes(errorRow(code).http));
    expect(temporary.filter((code) => errorRow(code).retryAfter === undefined)).toEqual([]);
  });

  it("answers 404 for a foreign account, as for one that does not exist", () => {
    expect(errorRow("ACCOUNT_NOT_OWNED").http).toBe(404);
    expect(errorRow("ACCOUNT_NOT_OWNED").title).toBe(errorRow("NOT_FOUND").title);
  });

  it("knows a code only by its own name", () => {
    expect(isErrorCode("toString")).toBe(false);
    expect(isErrorCode(7)).toBe(false);
  });
});

describe("a problem body", () => {
  it("is the error with its row", () => {
    const error = new InterlockError("BUDGET_EXCEEDED", "asked 5, left 3", { details: { asked: "5" } });
    expect(toProblem(error, { instance: "/v1/executions", traceId: "t" })).toEqual({
      type: "urn:interlock:problem:budget-exceeded",
      title: "The amount is above what is left of the budget",
      status: 403,
      detail: "asked 5, left 3",
      code: "BUDGET_EXCEEDED",
      instance: "/v1/executions",
      traceId: "t",
      details: { asked: "5" },
    });
  });

  it("says nothing of what broke inside", () => {
    expect(JSON.stringify(toProblem(new InterlockError("INTERNAL", "hunter2", { details: { a: "hunter2" } })))).not.toContain("hunter2");
  });

  it("tells how long to wait: the error's own figure, rounded up, before the table's", () => {
    expect(retryAfterSeconds(new InterlockError("RATE_LIMITED", "x", { details: { retryAfterSeconds: 2.2 } }))).toBe(3);
    expect(retryAfterSeconds(new InterlockError("CONDITION", "x"))).toBe(30);
    expect(retryAfterSeconds(new InterlockError("NOT_FOUND", "x"))).toBeUndefined();
  });
});

describe("errors of the contracts", () => {
  it("have reason codes", () => {
    expect(codeOfSelectorName("RateLimited")).toBe("OP_RATE_EXCEEDED");
    expect(codeOfSelectorName("LimitExceeded")).toBe("BUDGET_EXCEEDED");
    expect(codeOfSelectorName("SomebodyElsesError")).toBe("SIMULATION_FAILED");
    expect(codeOfSelectorName("constructor")).toBe("SIMULATION_FAILED");
  });
});
