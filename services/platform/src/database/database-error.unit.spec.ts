import { describe, expect, it } from "vitest";
import { ERROR_TABLE, isErrorCode } from "../errors/error-table.js";
import { InterlockError } from "../errors/interlock-error.js";
import { isDatabaseAway } from "./database-error.js";

const systemError = (code: string) => Object.assign(new Error(code), { code });

describe("a database that is away", () => {
  it.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE"])("is told by %s", (code) => {
    expect(isDatabaseAway(systemError(code))).toBe(true);
  });

  it.each(Object.keys(ERROR_TABLE).filter(isErrorCode))("is not told by an error of our own, %s", (code) => {
    expect(isDatabaseAway(new InterlockError(code, "ours"))).toBe(false);
  });

  it("is not told by an error without a code", () => {
    expect(isDatabaseAway(new Error("something else"))).toBe(false);
  });
});
