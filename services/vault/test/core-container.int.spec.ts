import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { as, CORE, coreContainer, mayBecomeOthers, mountFiles, SHELL } from "./support/core-container.js";
import type { TestCoreFiles } from "./support/core-files.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultProcesses, type VaultReplica, vaultProcesses } from "./support/vault-processes.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };
/** What a client may see while the core is away: that nothing was signed, and no more. */
const AWAY = ["DEPENDENCY_UNAVAILABLE", "CONDITION"];
const BUSY = 300_000;

describe.runIf(mayBecomeOthers())("signer-core in a container of its own, beside its shell", () => {
  let files: TestCoreFiles;
  const core = coreContainer(() => files);
  let vault: VaultProcesses;
  let shell: VaultReplica;
  beforeAll(async () => {
    vault = await vaultProcesses(1, {
      still: true,
      through: as(SHELL),
      environment: { KEK_FILE: "", SIGNER_CORE_SOCKET: core.socket },
      prepare: (made) => {
        files = made;
        mountFiles(made);
      },
    });
    const [only] = vault.replicas;
    if (only === undefined) throw new Error("there is one");
    shell = only;
  }, BUSY);
  afterAll(async () => {
    await vault?.close();
    await core.end("SIGKILL");
    core.remove();
  });

  const answering = () => until(async () => (core.probe() === 0 ? true : undefined), BUSY);
  const status = (name: string) => readFileSync(`/proc/${core.pid}/${name}`, "utf8");
  /** What a program gets that runs as `user`; undefined when it fails. */
  const runAs = (through: readonly string[], script: string): string | undefined => {
    const [program = "", ...args] = [...through, process.execPath, "-e", script];
    const run = spawnSync(program, args, { env: {}, cwd: "/", encoding: "utf8" });
    return run.status === 0 ? run.stdout : undefined;
  };

  it(
    "is waited for by a shell that started first, which answers meanwhile and signs as soon as it is there",
    async () => {
      shell.launch();
      await until(async () => ((await shell.status()).includes('"name":"signer-core"') ? true : undefined), BUSY);
      await until(async () => {
        const code = await SessionBed.generate(vault.via(shell)).catch((error: unknown) => findInterlockError(error)?.code);
        // Until its listener is bound it is the client that says so.
        return code === "CONDITION" ? true : undefined;
      }, BUSY);
      core.start();
      await shell.ready();
      const session = await SessionBed.armed(vault.via(shell), NO_COUNT);
      await session.sign(await session.signRequest());
    },
    BUSY,
  );

  it(
    "may have started before the shell",
    async () => {
      await shell.kill();
      await answering();
      const before = core.starts;
      await shell.start();
      const session = await SessionBed.armed(vault.via(shell), NO_COUNT);
      await session.sign(await session.signRequest());
      expect(core.starts).toBe(before);
    },
    BUSY,
  );

  it("runs as a user of its own, with an empty environment, without core dumps", () => {
    expect(status("status")).toMatch(new RegExp(`^Uid:\\t${CORE}\\t${CORE}\\t${CORE}\\t${CORE}$`, "m"));
    expect(status("environ")).toBe("");
    expect(status("limits")).toMatch(/^Max core file size +0 +0 /m);
    expect(status("cmdline").split("\0")).toEqual(expect.arrayContaining(["--permission", "--stand-alone", "--max-old-space-size=120"]));
  });

  it("is reached by the shell's user alone, who reads neither its key ring nor its memory", () => {
    const talk = `require("net").connect(${JSON.stringify(core.socket)}).on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
    const read = (path: string) => `require("fs").closeSync(require("fs").openSync(${JSON.stringify(path)}))`;
    const neighbour = ["setpriv", "--reuid", "61009", "--regid", "61009", "--clear-groups"];
    expect(runAs(as(SHELL), talk)).toBe("");
    expect(runAs(neighbour, talk)).toBeUndefined();
    expect(runAs(as(CORE), read(files.kekFile))).toBe("");
    for (const through of [as(SHELL), neighbour]) {
      expect(runAs(through, read(files.kekFile))).toBeUndefined();
      for (const what of ["mem", "environ", "maps"]) expect(runAs(through, read(`/proc/${core.pid}/${what}`))).toBeUndefined();
    }
    expect(runAs(as(SHELL), `require("fs").rmSync(${JSON.stringify(core.socket)})`)).toBeUndefined();
  });

  it("is described to operators: who may connect, and what guards its memory", async () => {
    const { process } = await shell.admin.kekStatus({});
    expect(process).toMatchObject({ uid: CORE, coreDumps: "off", lockedKilobytes: 0 });
    expect(["none", "possible"]).toContain(process?.swap);
    expect(process?.peerCheck).toBe(`kernel, at connect: socket 0660 of ${CORE}:${SHELL}, folder 0750 of ${CORE}:${SHELL}`);
  });

  it("is killed among Signs: each is signed or clearly refused, nothing is signed without its ledger row and event, and it goes on", async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => SessionBed.armed(vault.via(shell), NO_COUNT)));
    const signatures: string[] = [];
    const refusals = new Map<string, number>();
    let done = false;
    const signing = sessions.map(async (session) => {
      while (!done) {
        await session.sign(await session.signRequest({ amount: 1n })).then(
          ({ signature }) => void signatures.push(signature),
          (error: unknown) => {
            const code = findInterlockError(error)?.code ?? String(error);
            refusals.set(code, (refusals.get(code) ?? 0) + 1);
          },
        );
      }
    });
    const shellPid = shell.shellPid();
    for (let kills = 0; kills < 3; kills += 1) {
      const before = signatures.length;
      await until(async () => (signatures.length > before + 10 ? true : undefined), BUSY);
      const [pid, starts] = [core.pid, core.starts];
      process.kill(pid, "SIGKILL");
      await until(async () => (core.starts > starts ? true : undefined), BUSY);
    }
    const before = signatures.length;
    await until(async () => (signatures.length > before + 10 ? true : undefined), BUSY);
    done = true;
    await Promise.all(signing);
    expect([...refusals.keys()].filter((code) => !AWAY.includes(code))).toEqual([]);
    expect(refusals.size).toBeGreaterThan(0);
    expect(shell.shellPid()).toBe(shellPid);
    const keys = sessions.map(({ key }) => key.keyRef);
    const { rows } = await vault.db.query<{ signature: string }>(
      "SELECT '0x' || encode(signature, 'hex') AS signature FROM vault.signature WHERE key_ref = ANY($1) AND signature IS NOT NULL",
      [keys],
    );
    const stored = new Set(rows.map(({ signature }) => signature));
    expect(signatures.filter((signature) => !stored.has(signature))).toEqual([]);
    const { rows: unmatched } = await vault.db.query(
      `SELECT FROM vault.signature s WHERE key_ref = ANY($1) AND NOT EXISTS
         (SELECT FROM vault.event e WHERE e.type = 'key.signed.v1' AND e.data->>'keyRef' = s.key_ref::text AND e.data->>'digest' = '0x' || encode(s.digest, 'hex'))`,
      [keys],
    );
    expect(unmatched).toEqual([]);
    console.log(JSON.stringify({ signed: signatures.length, refusals: Object.fromEntries(refusals), starts: core.starts }));
  }, 600_000);

  it(
    "stays when it is asked to end while its shell still works, and ends with it",
    async () => {
      const session = await SessionBed.armed(vault.via(shell), NO_COUNT);
      const { pid } = core;
      const ended = core.end("SIGTERM");
      await session.sign(await session.signRequest());
      expect(core.pid).toBe(pid);
      await shell.kill();
      await ended;
      expect(core.probe()).not.toBe(0);
    },
    BUSY,
  );
});
