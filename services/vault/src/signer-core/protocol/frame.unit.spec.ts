import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeFrame, HEADER_BYTES, MAX_BODY_BYTES, ProtocolError } from "./frame.js";
import { FrameDecoder } from "./frame-decoder.js";

/** Inputs of the fuzz; a full campaign takes a million (FRAME_CASES). */
const CASES = Number(process.env.FRAME_CASES ?? 20_000);

const frame = (id: number, text: string) => ({ kind: "request" as const, id, body: Buffer.from(text) });

describe("the core's socket protocol", () => {
  it("gives the same frames however the bytes are cut", () => {
    const bytes = Buffer.concat([encodeFrame(frame(1, "one")), encodeFrame(frame(2, "")), encodeFrame(frame(3, "three"))]);
    for (let size = 1; size <= bytes.length; size += 1) {
      const decoder = new FrameDecoder();
      const seen = [];
      for (let at = 0; at < bytes.length; at += size) seen.push(...decoder.push(bytes.subarray(at, at + size)));
      expect(seen.map(({ id, body }) => `${id}${body}`)).toEqual(["1one", "2", "3three"]);
    }
  });

  it("refuses another version, an unknown kind and a body above the limit from the header alone", () => {
    const good = encodeFrame(frame(1, ""));
    const changed = (at: number, value: number) => {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      return () => new FrameDecoder().push(bytes);
    };
    expect(changed(0, 2)).toThrow(ProtocolError);
    expect(changed(1, 9)).toThrow(ProtocolError);
    expect(changed(6, 0xff)).toThrow(ProtocolError);
    expect(good).toHaveLength(HEADER_BYTES);
    expect(() => encodeFrame({ ...frame(1, ""), body: Buffer.alloc(MAX_BODY_BYTES + 1) })).toThrow(ProtocolError);
  });

  it(`never does worse than ProtocolError on ${CASES} random inputs`, () => {
    for (let i = 0; i < CASES; i += 1) {
      try {
        new FrameDecoder().push(randomBytes(i % 64));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }
  }, 600_000);
});
