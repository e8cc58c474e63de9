import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_EVENT_BYTES, readPublishedEvent } from "./published-event.js";

const ACCOUNT = "31337:0xAA00000000000000000000000000000000000000";
const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  specversion: "1.0",
  id: "event-1",
  source: "/interlock/permissions",
  sequence: "00000000000000000042",
  type: "use.committed.v1",
  partitionkey: ACCOUNT,
  data: { nonce: "7" },
  ...over,
});
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const malformed = (field: string, rule: string) =>
  expect.objectContaining({ code: "VALIDATION_FAILED", message: `event.${field}: ${rule}`, details: { field, rule } });

describe("a published event", () => {
  it("is read for what names it and whose it is, its bytes untouched", () => {
    const bytes = bytesOf(event());
    expect(readPublishedEvent(bytes)).toEqual({
      bytes,
      id: "event-1",
      source: "/interlock/permissions",
      sequence: 42n,
      type: "use.committed.v1",
      partitionKey: ACCOUNT.toLowerCase(),
      leafHash: createHash("sha256")
        .update(Buffer.from([0]))
        .update(bytes)
        .digest(),
      hash: createHash("sha256").update(bytes).digest("hex"),
      previousHash: undefined,
      chainSignature: undefined,
      headSignature: undefined,
    });
  });

  it("is read for what its producer signed: the event before in it, itself beside it", () => {
    const signed = event({ previoushash: "ab".repeat(32), chainsignature: "before" });
    expect(readPublishedEvent(bytesOf(signed), { chainhead: "itself" })).toMatchObject({
      previousHash: "ab".repeat(32),
      chainSignature: "before",
      headSignature: "itself",
    });
  });

  it("may have a type that nobody here knows", () => {
    expect(readPublishedEvent(bytesOf(event({ type: "tomorrow.v9" }))).type).toBe("tomorrow.v9");
  });

  it.each(["0.3", "1.1", 1, undefined])("is refused as CloudEvents %s", (specversion) => {
    expect(() => readPublishedEvent(bytesOf(event({ specversion })))).toThrow(malformed("specversion", "must be 1.0"));
  });

  it.each(["id", "source", "type", "partitionkey", "sequence"])("is refused without its %s", (name) => {
    for (const value of [undefined, "", 7, null]) {
      expect(() => readPublishedEvent(bytesOf(event({ [name]: value })))).toThrow(malformed(name, "must be a non-empty string"));
    }
  });

  it.each(["42", "0000000000000000004", "000000000000000000042", "0000000000000000004x", " 00000000000000000042", "0x000000000000000042"])(
    "is refused when its sequence is not 20 digits: %s",
    (sequence) => {
      expect(() => readPublishedEvent(bytesOf(event({ sequence })))).toThrow(malformed("sequence", "must be 20 digits"));
    },
  );

  it("is refused when it is no JSON, and keeps the parser's complaint as the cause", () => {
    expect(() => readPublishedEvent(Buffer.from("{"))).toThrow(malformed("bytes", "must be JSON"));
    expect(() => readPublishedEvent(Buffer.from("{"))).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });

  it.each(["[]", "7", "null", '"text"'])("is refused when it is no JSON object: %s", (text) => {
    expect(() => readPublishedEvent(Buffer.from(text))).toThrow(malformed("bytes", "must be a JSON object"));
  });

  it.each(["\n", "\r\n"])("is refused when it is more than one line: it would be two in a mirror", (end) => {
    const bytes = Buffer.concat([bytesOf(event()), Buffer.from(end)]);
    expect(() => readPublishedEvent(bytes)).toThrow(malformed("bytes", "must be one line"));
  });

  it("is refused when it is not UTF-8", () => {
    const bytes = bytesOf(event({ id: "caf\u00e9" }));
    expect(() => readPublishedEvent(Buffer.from(bytes.toString("utf8"), "latin1"))).toThrow(malformed("bytes", "must be UTF-8"));
  });

  it("may be as large as an entry bundle can carry and not a byte larger", () => {
    const filler = (length: number) => bytesOf(event({ data: "x".repeat(length) }));
    const room = MAX_EVENT_BYTES - filler(0).length;
    expect(MAX_EVENT_BYTES).toBe(65_535);
    expect(readPublishedEvent(filler(room)).bytes).toHaveLength(65_535);
    expect(() => readPublishedEvent(filler(room + 1))).toThrow(malformed("bytes", "must be at most 65535, saw 65536"));
  });
});
