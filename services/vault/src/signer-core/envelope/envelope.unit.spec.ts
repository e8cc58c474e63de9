import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyIdentity, KeyRecord } from "../../domain/envelope/key-record.js";
import { UNSEALED_FLOOR } from "../../domain/envelope/key-record.js";
import { generateSecret, publicKeyOf } from "../keys/secp256k1.js";
import { parseKekRing } from "../providers/kek-ring.js";
import { openFileProvider } from "../providers/open-file-provider.js";
import { fromHex, toHex } from "./aead.js";
import { sealKey } from "./seal-key.js";
import { withSecretKey } from "./with-secret-key.js";

const kek = () => randomBytes(32).toString("base64");
const ring = (keys: Record<string, string>, active: number) => openFileProvider(() => JSON.stringify({ active, keys }));

const provider = ring({ "1": kek() }, 1);

async function record(over: Partial<KeyIdentity> = {}, using = provider): Promise<KeyRecord> {
  const secret = generateSecret();
  const identity: KeyIdentity = {
    keyRef: "01936b2e-0000-7000-8000-000000000001",
    sessionId: "01936b2e-0000-7000-8000-000000000002",
    account: "0x00000000000000000000000000000000000000a1",
    chainId: "31337",
    module: "0x00000000000000000000000000000000000000b1",
    owners: ["0x00000000000000000000000000000000000000c1"],
    threshold: 1,
    generation: 1,
    pubkey: toHex(publicKeyOf(secret)),
    ...over,
  };
  return sealKey(secret, identity, UNSEALED_FLOOR, using);
}

const opens = (row: KeyRecord, using = provider) =>
  withSecretKey(row, using, (secret) => secret.length).then(
    (length) => length === 32,
    () => false,
  );

const BYTES = ["pubkey", "dekSalt", "dekIv", "wrappedDek", "iv", "encryptedKey", "commitment", "floorHash"] as const;

describe("the envelope", () => {
  it("opens the record it made and wipes the key it lent", async () => {
    let lent: Buffer | undefined;
    await withSecretKey(await record(), provider, (secret) => {
      lent = secret;
      expect(secret.some((byte) => byte !== 0)).toBe(true);
    });
    expect(lent?.every((byte) => byte === 0)).toBe(true);
  });

  it("wipes the key when its user throws", async () => {
    let lent: Buffer | undefined;
    const failing = withSecretKey(await record(), provider, (secret) => {
      lent = secret;
      throw new Error("in use");
    });
    await expect(failing).rejects.toThrow("in use");
    expect(lent?.every((byte) => byte === 0)).toBe(true);
  });

  it("opens with no single byte flipped in any field, and says nothing but that", async () => {
    const row = await record();
    for (const field of BYTES) {
      const bytes = fromHex(row[field]);
      for (let i = 0; i < bytes.length; i += 1) {
        const flipped = Buffer.from(bytes);
        flipped[i] = (flipped[i] ?? 0) ^ 1;
        await expect(withSecretKey({ ...row, [field]: toHex(flipped) }, provider, () => 0)).rejects.toMatchObject({
          code: "FENCED",
          message: "the key record does not authenticate; the key is quarantined",
        });
      }
    }
  });

  it("opens for no other identity than the one it was made for", async () => {
    const row = await record();
    const lies: readonly Partial<KeyRecord>[] = [
      { keyRef: "01936b2e-0000-7000-8000-000000000009" },
      { sessionId: "01936b2e-0000-7000-8000-000000000009" },
      { account: "0x00000000000000000000000000000000000000a9" },
      { chainId: "1" },
      { module: "0x00000000000000000000000000000000000000b9" },
      { owners: ["0x00000000000000000000000000000000000000c9"] },
      { threshold: 2 },
      { generation: 2 },
      { provider: "other" },
    ];
    for (const lie of lies) expect(await opens({ ...row, ...lie })).toBe(false);
  });

  it("opens no mixture of two users' rows, the layers of one planted under the other's key_ref included", async () => {
    const mine = await record();
    const theirs = await record({ keyRef: "01936b2e-0000-7000-8000-000000000003", account: "0x00000000000000000000000000000000000000a2" });
    const fields = ["kekVersion", "dekSalt", "dekIv", "wrappedDek", "iv", "encryptedKey", "commitment", "pubkey"] as const;
    let opened = 0;
    for (let mask = 1; mask < 2 ** fields.length; mask += 1) {
      const taken = fields.filter((field, i) => field !== "kekVersion" && (mask >> i) & 1);
      if (taken.length === 0) continue;
      const mixed = { ...mine, ...Object.fromEntries(taken.map((field) => [field, theirs[field]])) };
      if (await opens(mixed)) opened += 1;
    }
    expect(opened).toBe(0);
  });

  it("opens under an older KEK that is kept, and not under another version's number", async () => {
    const keys = { "1": kek(), "2": kek() };
    const row = await record({}, ring(keys, 1));
    expect(await opens(row, ring(keys, 2))).toBe(true);
    expect(await opens({ ...row, kekVersion: 2 }, ring(keys, 2))).toBe(false);
    await expect(withSecretKey(row, ring({ "2": keys["2"] }, 2), () => 0)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("refuses a KEK file that is not a ring, without showing it", () => {
    const short = Buffer.alloc(16).toString("base64");
    for (const text of [
      "",
      "{}",
      JSON.stringify({ active: 1, keys: { "1": short } }),
      JSON.stringify({ active: 2, keys: { "1": kek() } }),
    ]) {
      const attempt = () => parseKekRing(text);
      expect(attempt).toThrow(/^KEK_FILE: /);
      expect(attempt).not.toThrow(short);
    }
  });
});
