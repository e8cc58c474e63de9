import { beforeEach, describe, expect, it } from "vitest";
import { InterlockError } from "../errors/interlock-error.js";
import { createLogger } from "./logger.js";
import { NestLogger } from "./nest-logger.js";

const JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJyZWxheSJ9abc.c2lnbmF0dXJlc2lnbmF0dXJl";

describe("the logger", () => {
  let lines: string[] = [];
  const logger = createLogger({ service: "vault", level: "debug", destination: { write: (line) => void lines.push(line) } });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? "{}");

  beforeEach(() => {
    lines = [];
  });

  it("writes one JSON line with service, level and time", () => {
    logger.info({ executionId: "e" }, "signed");
    expect(last()).toMatchObject({ service: "vault", level: "info", msg: "signed", executionId: "e" });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it("removes secrets by their name, three levels deep", () => {
    logger.info({
      password: "hunter2",
      config: { databaseUrl: "hunter2", keys: { privateKey: "hunter2" } },
      headers: { authorization: "hunter2" },
    });
    expect(lines.join("")).not.toContain("hunter2");
    expect(last()).toMatchObject({ password: "[redacted]", headers: { authorization: "[redacted]" } });
  });

  it("removes tokens and passwords in URLs from free text", () => {
    logger.info(`failed for ${JWT} at postgres://relay:hunter2@db/interlock`);
    expect(last().msg).toBe("failed for [redacted token] at postgres://relay:[redacted]@db/interlock");
  });

  it("shows an error with its code and causes and nothing a driver hung on it", () => {
    const driver = Object.assign(new Error("duplicate key"), { code: "23505", parameters: ["hunter2"] });
    logger.error({ err: new InterlockError("WRONG_EXPECTED_VERSION", "at 3", { details: { version: 3 }, cause: driver }) }, "append");
    expect(last()).toMatchObject({
      err: { code: "WRONG_EXPECTED_VERSION", details: { version: 3 }, cause: { code: "23505", message: "duplicate key" } },
    });
    expect(lines.join("")).not.toContain("hunter2");
  });

  it("takes what Nest logs, with the context's name", () => {
    new NestLogger(logger).log("mapped", "RouterExplorer");
    expect(last()).toMatchObject({ level: "info", msg: "mapped", context: "RouterExplorer" });
    new NestLogger(logger).error(new Error("x"), "Injector");
    expect(last()).toMatchObject({ level: "error", context: "Injector", err: { type: "Error" } });
  });
});
