import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type KeyRow, toSessionKey } from "../src/adapters/postgres/key-row.js";
import { withSecretKey } from "../src/signer-core/envelope/with-secret-key.js";
import { KekGate } from "../src/signer-core/kek/kek-gate.js";
import { openFileProvider } from "../src/signer-core/providers/open-file-provider.js";
import { formsOf, type Sought, scanMemory } from "./support/memory-scan.js";
import { SessionBed } from "./support/session-bed.js";
import { vaultBed } from "./support/vault-bed.js";

/** Keys that are made, sealed and signed with; a full campaign takes 2,000 (RESIDUE_KEYS). */
const KEYS = Number(process.env.RESIDUE_KEYS ?? 20);

describe.runIf(process.platform === "linux")("the memory of signer-core", () => {
  it(`holds no session key and no data key after ${KEYS} were made, sealed, used and refused`, async () => {
    const bed = await vaultBed();
    try {
      const secrets: Sought[] = [];
      for (let i = 0; i < KEYS; i += 1) {
        const session = await SessionBed.armed(bed);
        await session.sign(await session.signRequest());
        await session.sign(await session.signRequest({ decision: { outcome: "deny" } })).catch(() => undefined);
        await session.sign(await session.signRequest({ amount: 900_000_000n })).catch(() => undefined);
      }
      const keks = new KekGate(openFileProvider(() => readFileSync(bed.files.kekFile, "utf8")));
      keks.limit({ minDecryptVersion: 1, destroyed: [] });
      const { rows } = await bed.db.query<KeyRow>("SELECT * FROM vault.session_key");
      for (const row of rows) {
        const { record } = toSessionKey(row);
        const dek = await keks.unwrap(record, record);
        if (dek !== undefined) secrets.push(formsOf("data key", Buffer.from(dek)));
        await withSecretKey(record, keks, (secret) => void secrets.push(formsOf("session key", Buffer.from(secret))));
      }
      expect(secrets).toHaveLength(2 * KEYS);
      // signer-core lets its last key objects go within two seconds.
      const none = { "session key": 0, "data key": 0 };
      await expect.poll(() => Object.fromEntries(scanMemory(bed.corePid(), secrets)), { timeout: 60_000, interval: 3_000 }).toEqual(none);
      const logged = Buffer.from(bed.logs());
      for (const { forms } of secrets) for (const form of forms) expect(logged.includes(form)).toBe(false);
      expect(readFileSync(`/proc/${bed.corePid()}/environ`)).toHaveLength(0);
    } finally {
      await bed.close();
    }
  }, 600_000);

  it("would show them: the same scan of a process that signs with viem finds copies", async () => {
    const child = fork(fileURLToPath(new URL("./support/viem-signer.js", import.meta.url).href.replace("/services/", "/dist/services/")));
    const [{ key }] = (await once(child, "message")) as [{ key: string }];
    try {
      const found = scanMemory(child.pid ?? 0, [formsOf("session key", Buffer.from(key, "hex"))]);
      expect(found.get("session key")).toBeGreaterThan(3);
    } finally {
      child.kill();
    }
  });
});
