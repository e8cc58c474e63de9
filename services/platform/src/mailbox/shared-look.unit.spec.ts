import { describe, expect, it } from "vitest";
import { SharedLook } from "./shared-look.js";

describe("a shared look", () => {
  it("never shows anybody what was read before they asked", async () => {
    let [value, reads] = [1, 0];
    let release = () => {};
    const looks = new SharedLook<number>();
    const read = async () => {
      reads += 1;
      const seen = value;
      if (reads === 1) await new Promise<void>((resolve) => (release = resolve));
      return seen;
    };
    const first = looks.look(read);
    value = 2;
    const later = [looks.look(read), looks.look(read), looks.look(read)];
    release();
    expect(await Promise.all([first, ...later])).toEqual([1, 2, 2, 2]);
    expect(reads).toBe(2);
    expect(looks.idle).toBe(true);
  });

  it("tells a failure to those who shared it, and looks again for the next", async () => {
    const looks = new SharedLook<string>();
    const away = Promise.allSettled([looks.look(() => Promise.reject(new RangeError("away"))), looks.look(async () => "back")]);
    expect(await away).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: "back" }]);
  });
});
