import { describe, expect, it } from "vitest";
import { parseKekRing } from "./kek-ring.js";
import { withNextVersion } from "./ring-text.js";

describe("a key ring with one more version", () => {
  it("keeps what it had, and uses the new one", () => {
    const before = withNextVersion({ active: 0, keys: {} });
    const after = withNextVersion(before);
    expect(after).toMatchObject({ active: 2, keys: before.keys });
    expect([...parseKekRing(JSON.stringify(after)).keys.keys()]).toEqual([1, 2]);
  });

  it("never takes a number that was used, also when the active one is older", () => {
    expect(withNextVersion({ active: 3, keys: { 3: "", 7: "" } }).active).toBe(8);
  });

  it("makes another key each time", () => {
    const ring = { active: 0, keys: {} };
    expect(withNextVersion(ring)).not.toEqual(withNextVersion(ring));
  });
});
