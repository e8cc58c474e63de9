import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { hasCode } from "#platform/errors/interlock-error.js";
import type { KeyRecord } from "../../domain/envelope/key-record.js";
import { KekGate } from "../kek/kek-gate.js";
import { generateSecret, publicKeyOf } from "../keys/secp256k1.js";
import { openFileProvider } from "../providers/open-file-provider.js";
import { fromHex, toHex } from "./aead.js";
import { sealKey } from "./seal-key.js";
import { wipe } from "./secret.js";
import { withSecretKey } from "./with-secret-key.js";

const keys = { "1": randomBytes(32).toString("base64"), "2": randomBytes(32).toString("base64") };
const gate = (active: number) => {
  const made = new KekGate(openFileProvider(() => JSON.stringify({ active, keys })));
  made.limit({ minDecryptVersion: 1, destroyed: [] });
  return made;
};
const keks = gate(1);
const MESSAGE = "the key record does not authenticate; the key is quarantined";

async function row(user: string, active: number): Promise<KeyRecord> {
  const secret = generateSecret();
  try {
    const identity = {
      keyRef: `01936b2e-0000-7000-8000-00000000000${user}`,
      sessionId: `01936b2e-0000-7000-8000-0000000000a${user}`,
      account: `0x${"00".repeat(19)}a${user}`,
      chainId: "31337",
      module: `0x${"00".repeat(19)}b1`,
      owners: [`0x${"00".repeat(19)}c${user}`],
      threshold: 1,
      generation: Number(user),
      pubkey: toHex(publicKeyOf(secret)),
    } as const;
    return await sealKey(secret, identity, `0x${`f${user}`.repeat(32)}`, gate(active));
  } finally {
    wipe(secret);
  }
}

/** Opens, or the refusal's code and words. */
const outcome = (record: KeyRecord) =>
  withSecretKey(record, keks, () => "opened").catch((error: unknown) =>
    error instanceof Error && hasCode(error, "FENCED") ? error.message : String(error),
  );

const BYTES = ["pubkey", "dekSalt", "dekIv", "wrappedDek", "iv", "encryptedKey", "commitment", "floorHash", "account", "module"] as const;
const MIXED = [...BYTES.filter((field) => field !== "module"), "keyRef", "sessionId", "owners", "generation", "kekVersion"] as const;

describe("rows of two users in the hands of whoever can write the database", () => {
  let alice: KeyRecord;
  let bob: KeyRecord;
  beforeAll(async () => {
    [alice, bob] = await Promise.all([row("1", 1), row("2", 2)]);
  });

  it(`open in none of the ${2 ** MIXED.length - 2} mixings of their fields, and in the two true rows`, async () => {
    const opened: number[] = [];
    const words = new Set<string>();
    for (let mask = 0; mask < 2 ** MIXED.length; mask += 1) {
      const fields = MIXED.map((field, bit) => [field, (mask >> bit) & 1 ? bob[field] : alice[field]]);
      const result = await outcome({ ...alice, ...Object.fromEntries(fields) });
      if (result === "opened") opened.push(mask);
      else words.add(result);
    }
    expect(opened).toEqual([0, 2 ** MIXED.length - 1]);
    expect([...words]).toEqual([MESSAGE]);
  }, 120_000);

  it("open with no bit of any byte field flipped", async () => {
    for (const field of BYTES) {
      const bytes = fromHex(alice[field]);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await outcome({ ...alice, [field]: toHex(flipped) })).toBe(MESSAGE);
      }
    }
  }, 60_000);

  it("open at no other length of any byte field", async () => {
    for (const field of BYTES) {
      const bytes = fromHex(alice[field]);
      for (let length = 0; length <= bytes.length + 2; length += 1) {
        if (length === bytes.length) continue;
        const cut = Buffer.alloc(length);
        bytes.copy(cut);
        expect(await outcome({ ...alice, [field]: toHex(cut) })).toBe(MESSAGE);
      }
    }
  });

  it("open under no other version, generation, threshold, chain or provider", async () => {
    const lies: readonly Partial<KeyRecord>[] = [
      { kekVersion: 2 },
      { generation: 2 },
      { threshold: 2 },
      { chainId: "1" },
      { provider: "shamir" },
      { owners: [...alice.owners, ...bob.owners] },
      { owners: [] },
    ];
    for (const lie of lies) expect(await outcome({ ...alice, ...lie })).toBe(MESSAGE);
  });
});
