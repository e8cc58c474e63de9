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
import { vaultProcesses } from "./support/vault-processes.js";

/** Keys that are made, sealed and signed with; a full campaign takes 2,000 (RESIDUE_KEYS). */
const KEYS = Number(process.env.RESIDUE_KEYS ?? 20);

describe.runIf(process.platform === "linux")("the memory of the vault", () => {
  it(`holds no session key and no data key, in shell or core, after ${KEYS} were made, sealed, used and refused`, async () => {
    const vault = await vaultProcesses(1);
    try {
      const [replica] = vault.replicas;
      if (replica === undefined) throw new Error("there is one");
      const bed = vault.via(replica);
      const secrets: Sought[] = [];
      for (let i = 0; i < KEYS; i += 1) {
        const session = await SessionBed.armed(bed);
        await session.sign(await session.signRequest());
        await session.sign(await session.signRequest({ decision: { outcome: "deny" } })).catch(() => undefined);
        await session.sign(await session.signRequest({ amount: 900_000_000n })).catch(() => undefined);
      }
      const ring = readFileSync(vault.kekFile, "utf8");
      const keks = new KekGate(openFileProvider(() => ring));
      keks.limit({ minDecryptVersion: 1, destroyed: [] });
      const { rows } = await vault.db.query<KeyRow>("SELECT * FROM vault.session_key");
      for (const row of rows) {
        const { record } = toSessionKey(row);
        const dek = await keks.unwrap(record, record);
        if (dek !== undefined) secrets.push(formsOf("data key", Buffer.from(dek)));
        await withSecretKey(record, keks, (secret) => void secrets.push(formsOf("session key", Buffer.from(secret))));
      }
      expect(secrets).toHaveLength(2 * KEYS);
      const kek = formsOf("KEK", Buffer.from(String(JSON.parse(ring).keys["1"]), "base64"));
      const [shell, core] = [replica.shellPid(), replica.corePid()];
      const seenIn = (pid: number) => Object.fromEntries(scanMemory(pid, [...secrets, kek]));
      // signer-core lets its last key objects go within two seconds. Its KEK objects are its own business: they are counted, not forbidden.
      const none = { "session key": 0, "data key": 0 };
      await expect.poll(() => seenIn(core), { timeout: 120_000, interval: 3_000 }).toMatchObject(none);
      console.log(JSON.stringify({ keys: KEYS, shell: seenIn(shell), core: seenIn(core) }));
      expect(seenIn(shell)).toEqual({ ...none, KEK: 0 });
      const written = [vault.logs(), readFileSync(`/proc/${shell}/environ`)];
      for (const { forms } of [...secrets, kek])
        for (const form of forms) for (const text of written) expect(text.includes(form)).toBe(false);
      expect(readFileSync(`/proc/${core}/environ`)).toHaveLength(0);
    } finally {
      await vault.close();
    }
  }, 3_600_000);

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
