import { describe, expect, it } from "vitest";
import { keyRecord, sessionKey } from "../session-key.builder.js";
import { checkLives, checkMaySign } from "./session-key.js";

describe("the fence of a key", () => {
  it("lets a sealed key sign", () => {
    expect(() => checkMaySign(sessionKey())).not.toThrow();
  });

  it.each(["generated", "sealed"] as const)("counts a %s key among the living", (state) => {
    expect(() => checkLives(sessionKey({ state }))).not.toThrow();
  });

  it.each(["disarmed", "quarantined"] as const)("stops a %s key, and says what it is", (state) => {
    const refusal = expect.objectContaining({ code: "FENCED", message: `the key is ${state}`, details: { state, generation: "1" } });
    expect(() => checkLives(sessionKey({ state }))).toThrow(refusal);
    expect(() => checkMaySign(sessionKey({ state }))).toThrow(refusal);
  });

  it("stops a row whose generation is not the one its record was made under", () => {
    const fenced = expect.objectContaining({ code: "FENCED", details: { state: "sealed", generation: "2" } });
    expect(() => checkLives(sessionKey({ generation: 2 }))).toThrow(fenced);
    expect(() => checkLives(sessionKey({ generation: 1, record: keyRecord({ generation: 2 }) }))).toThrow(
      expect.objectContaining({ code: "FENCED" }),
    );
  });

  it("lets no key sign before a floor is sealed for it", () => {
    const unsealed = expect.objectContaining({ code: "UNSEALED", message: "no floor is sealed for this key" });
    expect(() => checkMaySign(sessionKey({ state: "generated", sealed: undefined }))).toThrow(unsealed);
    expect(() => checkMaySign(sessionKey({ state: "generated" }))).toThrow(unsealed);
    expect(() => checkMaySign(sessionKey({ sealed: undefined }))).toThrow(unsealed);
  });
});
