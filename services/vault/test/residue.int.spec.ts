import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compiledFolder } from "../../../deploy/local/compiled-folder.js";
import { type KeyRow, toSessionKey } from "../src/adapters/postgres/key-row.js";
import { withSecretKey } from "../src/signer-core/envelope/with-secret-key.js";
import { KekGate } from "../src/signer-core/kek/kek-gate.js";
import { openFileProvider } from "../src/signer-core/providers/open-file-provider.js";
import { coreFileOf } from "./support/core-file.js";
import { heapOptions, heapSnapshotOf } from "./support/heap-snapshot.js";
import { formsOf, type Sought, scanFile, scanMemory } from "./support/memory-scan.js";
import { SessionBed } from "./support/session-bed.js";
import { type VaultProcesses, type VaultReplica, vaultProcesses } from "./support/vault-processes.js";

/** Keys that are made, sealed, signed with, refused and failed with; a full campaign takes 2,000 (RESIDUE_KEYS). */
const KEYS = Number(process.env.RESIDUE_KEYS ?? 20);
/** How many of them are worked on at a time: one at a time is mostly waiting. */
const TOGETHER = 20;
/** Core files are made of more than a gigabyte of mapped memory, so in campaigns only. */
const CORE_FILES = KEYS >= 200;
const NONE = { "session key": 0, "data key": 0 };

describe.runIf(process.platform === "linux")("the memory of the vault", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "residue-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it(`holds no session key and no data key, in shell or core, after ${KEYS} were made, sealed, used, refused and failed`, async () => {
    const vault = await vaultProcesses(1, { environment: { NODE_OPTIONS: heapOptions(folder) } });
    try {
      const [replica] = vault.replicas;
      if (replica === undefined) throw new Error("there is one");
      for (let made = 0; made < KEYS; made += TOGETHER) await workOn(vault, replica, Math.min(TOGETHER, KEYS - made));
      const { secrets, kek } = await secretsOf(vault);
      expect(secrets).toHaveLength(2 * KEYS);
      const all = [...secrets, kek];
      const [shell, core] = [replica.shellPid(), replica.corePid()];
      const seenIn = (pid: number) => Object.fromEntries(scanMemory(pid, all));
      // signer-core lets its last key objects go within two seconds; the one object of its KEK stays.
      await expect.poll(() => seenIn(core), { timeout: 120_000, interval: 3_000 }).toEqual({ ...NONE, KEK: 1 });
      expect(seenIn(shell)).toEqual({ ...NONE, KEK: 0 });
      const coreFile = CORE_FILES ? coreFileOf(core, folder) : undefined;
      if (coreFile !== undefined) expect(Object.fromEntries(scanFile(coreFile, all))).toEqual({ ...NONE, KEK: 1 });
      const snapshot = await heapSnapshotOf(shell, folder);
      expect(Object.fromEntries(scanFile(snapshot, all))).toEqual({ ...NONE, KEK: 0 });
      const written = [vault.logs(), readFileSync(`/proc/${shell}/environ`)];
      for (const { forms } of all) for (const form of forms) for (const text of written) expect(text.includes(form)).toBe(false);
      expect(readFileSync(`/proc/${core}/environ`)).toHaveLength(0);
      console.log(JSON.stringify({ keys: KEYS, shell: seenIn(shell), core: seenIn(core), coreFile: coreFile !== undefined, snapshot: 1 }));
    } finally {
      await vault.close();
    }
  }, 3_600_000);

  it("is left in no file by a core that is aborted", async () => {
    const vault = await vaultProcesses(1);
    try {
      const core = vault.replicas[0]?.corePid() ?? 0;
      const folders = [readlinkSync(`/proc/${core}/cwd`), tmpdir()];
      const before = folders.map((path) => readdirSync(path).filter(isCoreFile));
      expect(readFileSync(`/proc/${core}/limits`, "utf8")).toMatch(/^Max core file size +0 +0 /m);
      process.kill(core, "SIGABRT");
      await expect.poll(() => vault.replicas[0]?.corePid() ?? core, { timeout: 60_000 }).not.toBe(core);
      expect(folders.map((path) => readdirSync(path).filter(isCoreFile))).toEqual(before);
    } finally {
      await vault.close();
    }
  }, 600_000);

  it("has no key on the heap of the core's own code, by its heap snapshot", async () => {
    const child = run("busy-core.js", folder, "100");
    try {
      await once(child, "message");
      const snapshot = await heapSnapshotOf(child.pid ?? 0, folder);
      child.send({ tell: true });
      const key = await told(child);
      expect(scanFile(snapshot, [formsOf("session key", key)]).get("session key")).toBe(0);
    } finally {
      child.kill();
    }
  }, 600_000);

  it("would show them: the same scans of a process that signs with viem find copies, in memory, core file and heap snapshot", async () => {
    const child = run("viem-signer.js", folder);
    try {
      const sought = [formsOf("session key", await told(child))];
      const pid = child.pid ?? 0;
      expect(scanMemory(pid, sought).get("session key")).toBeGreaterThan(3);
      const coreFile = CORE_FILES ? coreFileOf(pid, folder) : undefined;
      if (coreFile !== undefined) expect(scanFile(coreFile, sought).get("session key")).toBeGreaterThan(3);
      expect(scanFile(await heapSnapshotOf(pid, folder), sought).get("session key")).toBeGreaterThan(0);
    } finally {
      child.kill();
    }
  }, 600_000);
});

/** GENERATE, ARM, Sign, two refusals and a failure in the core with each of `count` new keys. */
async function workOn(vault: VaultProcesses, replica: VaultReplica, count: number): Promise<void> {
  const outcomes = await Promise.all(
    Array.from({ length: count }, async () => {
      const session = await SessionBed.armed(vault.via(replica));
      const signed = await ends(session.sign(await session.signRequest()));
      const denied = await ends(session.sign(await session.signRequest({ decision: { outcome: "deny" } })));
      const tooMuch = await ends(session.sign(await session.signRequest({ amount: 900_000_000n })));
      const { keyRef } = session.key;
      // One bit of the ciphertext: the data key opens, the key under it does not.
      const flip =
        "UPDATE vault.session_key SET encrypted_key = set_byte(encrypted_key, 0, get_byte(encrypted_key, 0) # 1) WHERE key_ref = $1";
      await vault.db.query(flip, [keyRef]);
      const unreadable = await ends(session.sign(await session.signRequest()));
      await vault.db.query(flip, [keyRef]);
      return [signed, denied, tooMuch, unreadable];
    }),
  );
  for (const outcome of outcomes) expect(outcome).toEqual([true, false, false, false]);
}

const ends = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

/** Every key and data key of the vault, opened with its key ring, and the ring's key. */
async function secretsOf(vault: VaultProcesses): Promise<{ readonly secrets: readonly Sought[]; readonly kek: Sought }> {
  const ring = readFileSync(vault.kekFile, "utf8");
  const keks = new KekGate(openFileProvider(() => ring));
  keks.limit({ minDecryptVersion: 1, destroyed: [] });
  const secrets: Sought[] = [];
  const { rows } = await vault.db.query<KeyRow>("SELECT * FROM vault.session_key");
  for (const row of rows) {
    const { record } = toSessionKey(row);
    const dek = await keks.unwrap(record, record);
    if (dek !== undefined) secrets.push(formsOf("data key", Buffer.from(dek)));
    await withSecretKey(record, keks, (secret) => void secrets.push(formsOf("session key", Buffer.from(secret))));
  }
  return { secrets, kek: formsOf("KEK", Buffer.from(String(JSON.parse(ring).keys["1"]), "base64")) };
}

function run(program: string, folder: string, ...args: string[]): ChildProcess {
  const path = join(compiledFolder(), "services", "vault", "test", "support", program);
  return fork(path, args, { execArgv: [...heapOptions(folder).split(" "), "--expose-gc"] });
}

/** The key that a child tells. */
async function told(child: ChildProcess): Promise<Buffer> {
  const [{ key }] = (await once(child, "message")) as [{ key: string }];
  return Buffer.from(key, "hex");
}

const isCoreFile = (name: string): boolean => /^core(\.\d+)?$/.test(name);
