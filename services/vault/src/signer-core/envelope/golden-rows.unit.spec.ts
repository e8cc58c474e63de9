import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KekGate } from "../kek/kek-gate.js";
import { signDigest } from "../keys/secp256k1.js";
import { fixedHex, keyRecordSchema } from "../protocol/schemas.js";
import { openFileProvider } from "../providers/open-file-provider.js";
import { fromHex } from "./aead.js";
import { withSecretKey } from "./with-secret-key.js";

/** One file per format that was ever shipped; none is ever changed or removed. */
const FILES = ["rows-v1-file.json"] as const;
const goldenSchema = z.object({
  ring: z.unknown(),
  rows: z.array(z.object({ record: keyRecordSchema, digest: fixedHex(32), signature: fixedHex(65) })),
});

describe.each(FILES)("the rows of %s", (file) => {
  const { ring, rows } = goldenSchema.parse(JSON.parse(readFileSync(`test/golden/vault/${file}`, "utf8")));
  const keks = new KekGate(openFileProvider(() => JSON.stringify(ring)));
  keks.limit({ minDecryptVersion: 1, destroyed: [] });

  it.each(rows.map((row, i) => [i, row] as const))("open and sign what they signed when they were written: %i", async (_i, row) => {
    const { record, digest, signature } = row;
    const made = await withSecretKey(record, keks, (secret) => signDigest(secret, record.pubkey, fromHex(digest)));
    expect(made).toBe(signature);
  });

  it("open in no other format", () => {
    for (const { record } of rows) expect(keyRecordSchema.safeParse({ ...record, v: record.v + 1 }).success).toBe(false);
  });
});
