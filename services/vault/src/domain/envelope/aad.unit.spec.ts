import { describe, expect, it } from "vitest";
import { keyRecord } from "../session-key.builder.js";
import { dekAad, keyAad } from "./aad.js";
import { UNSEALED_FLOOR } from "./key-record.js";

const record = keyRecord();
const otherBytes = (hex: string) => `0x${hex.slice(2).replace(/./g, "7")}` as const;

/** The fields of a TLV string: by tag, the value's hex. */
function fields(aad: Buffer): Record<number, string> {
  const found: Record<number, string> = {};
  for (let at = 0; at < aad.length; ) {
    const length = aad.readUInt32BE(at + 1);
    found[aad.readUInt8(at)] = aad.subarray(at + 5, at + 5 + length).toString("hex");
    at += 5 + length;
  }
  return found;
}
const text = (value: string) => Buffer.from(value).toString("hex");

describe("what the encryption of a key binds", () => {
  it("is every part of the key's identity and the hash of its floor", () => {
    expect(fields(keyAad(record, UNSEALED_FLOOR))).toEqual({
      1: text("kv1/key"),
      2: text("secp256k1"),
      3: text("key-1"),
      4: text("session-1"),
      5: record.account.slice(2),
      6: text("31337"),
      7: record.module.slice(2),
      8: record.owners.map((owner) => owner.slice(2)).join(""),
      9: text("2"),
      10: text("1"),
      11: record.pubkey.slice(2),
      12: "00".repeat(32),
    });
  });

  it.each([
    { keyRef: "key-2" },
    { sessionId: "session-2" },
    { account: otherBytes(record.account) },
    { chainId: "1" },
    { module: otherBytes(record.module) },
    { owners: record.owners.slice(1) },
    { threshold: 1 },
    { generation: 2 },
    { pubkey: otherBytes(record.pubkey) },
  ])("is other bytes for another %o", (over) => {
    expect(keyAad(keyRecord(over), UNSEALED_FLOOR).equals(keyAad(record, UNSEALED_FLOOR))).toBe(false);
  });

  it("is other bytes once a floor is sealed", () => {
    expect(keyAad(record, `0x${"01".repeat(32)}`).equals(keyAad(record, UNSEALED_FLOOR))).toBe(false);
  });

  it("does not name the key-encryption key, so that a rotation never opens the key", () => {
    expect(keyAad(keyRecord({ kekVersion: 6, provider: "kms" }), UNSEALED_FLOOR).equals(keyAad(record, UNSEALED_FLOOR))).toBe(true);
  });
});

describe("what the wrapping of a data key binds", () => {
  it("is the row it belongs to and the exact version it is wrapped under", () => {
    expect(fields(dekAad(record, record))).toEqual({
      1: text("kv1/dek"),
      2: text("key-1"),
      3: record.account.slice(2),
      4: text("1"),
      5: text("file"),
      6: text("5"),
      7: record.dekSalt.slice(2),
    });
  });
});
