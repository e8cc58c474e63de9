import { describe, expect, it } from "vitest";
import { systemRandom } from "../kernel/random.js";
import { AuditMarks } from "./audit-marks.js";
import { seal, unseal } from "./sealed-text.js";

const key = Buffer.alloc(32, 1);
const text = Buffer.from("Ada Lovelace");

describe("personal data", () => {
  it("is opened by its key for its place, and by no other", () => {
    const sealed = seal(key, "here", text, systemRandom);
    expect(unseal(key, "here", sealed)).toEqual(text);
    expect(sealed.includes(text)).toBe(false);
    expect(() => unseal(Buffer.alloc(32, 2), "here", sealed)).toThrow("sealed");
    expect(() => unseal(key, "there", sealed)).toThrow("sealed");
  });

  it("is not opened with any byte changed, or cut short", () => {
    const sealed = seal(key, "here", text, systemRandom);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      expect(() => unseal(key, "here", changed)).toThrow("sealed");
      expect(() => unseal(key, "here", sealed.subarray(0, at))).toThrow("sealed");
    }
  });

  it("is sealed another way each time", () => {
    expect(seal(key, "here", text, systemRandom)).not.toEqual(seal(key, "here", text, systemRandom));
  });
});

describe("a mark", () => {
  it("is the same for the same secret, and another for another secret, kind or salt", () => {
    const marks = new AuditMarks(key);
    const mark = marks.mark("nonce", "abc");
    expect(marks.mark("nonce", "abc")).toBe(mark);
    expect(mark).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/);
    expect(new Set([mark, marks.mark("nonce", "abd"), marks.mark("token", "abc"), new AuditMarks(text).mark("nonce", "abc")]).size).toBe(4);
  });

  it("names its salt, so that a change of salt is seen", () => {
    expect(new AuditMarks(key).mark("nonce", "a").slice(0, 8)).toBe(new AuditMarks(key).mark("token", "b").slice(0, 8));
    expect(new AuditMarks(key).mark("nonce", "a").slice(0, 8)).not.toBe(new AuditMarks(text).mark("nonce", "a").slice(0, 8));
  });
});
