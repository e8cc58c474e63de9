import { describe, expect, it } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { whileAway } from "./while-away.js";

const away = () => new InterlockError("DEPENDENCY_UNAVAILABLE", "the KEK broker does not answer");

describe("what needs a dependency", () => {
  it("is tried again until it is there, and says each time that it is not", async () => {
    const failures = [away(), away()];
    const said: unknown[] = [];
    const open = async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return "open";
    };
    await expect(whileAway(open, (error) => said.push(error), 1)).resolves.toBe("open");
    expect(said).toHaveLength(2);
  });

  it("is not tried again when it was refused", async () => {
    const open = () => Promise.reject(new InterlockError("ATTESTATION_INVALID", "refused"));
    await expect(whileAway(open, () => {}, 1)).rejects.toMatchObject({ code: "ATTESTATION_INVALID" });
  });
});
