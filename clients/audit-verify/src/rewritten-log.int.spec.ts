import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logSigner, MadeLog, madeEvents, witnessSigner } from "../../../test/support/audit/made-log.js";
import { writeExport } from "./application/write-export.js";
import { run } from "./run.js";

const honest = new MadeLog(madeEvents(300));
/** The log's operator takes out entry 100, counts the producer anew, hashes everything again and signs with the real key. */
const events = madeEvents(400, "rewritten");
const fork = new MadeLog([...honest.events.slice(0, 100), ...events.slice(100)]);
const rolledBack = new MadeLog(honest.events.slice(0, 250));

describe("a log that its own key rewrote", () => {
  let folder: string;
  let said: string;
  const verify = (...args: readonly string[]) => {
    said = "";
    const add = (text: string) => {
      said += text;
    };
    return run([...args, "--key", logSigner.verifier.text], { out: add, err: add, interactive: false }, 1_700_000_100);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "interlock-rewritten-"));
    for (const [name, log] of Object.entries({ honest, fork, rolledBack })) {
      const content = await log.export(0, log.size);
      await writeExport(join(folder, name), { ...content, checkpoint: log.checkpoint() });
    }
    await writeFile(join(folder, "policy"), `log ${logSigner.verifier.text}\nwitness w ${witnessSigner.verifier.text}\nquorum w\n`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const stateOf = async (log: MadeLog) => {
    const path = join(folder, "state");
    await writeFile(path, log.checkpoint());
    return path;
  };

  it("agrees with itself, and that is all that is said of it", async () => {
    for (const name of ["fork", "rolledBack"]) {
      expect(await verify(join(folder, name)), name).toBe(3);
      expect(said).toContain("SELF_CONSISTENT_ONLY");
    }
  });

  it("is found out by the state of the last time, with both signed notes as evidence", async () => {
    const state = await stateOf(honest);
    for (const [name, kind] of [
      ["fork", "SPLIT_VIEW"],
      ["rolledBack", "ROLLBACK"],
    ] as const) {
      expect(await verify(join(folder, name), "--state", state), name).toBe(4);
      expect(said).toContain(kind);
      expect(said.match(/example\.org\/audit\n/g)?.length).toBeGreaterThanOrEqual(2);
      expect(await readFile(state)).toEqual(honest.checkpoint());
    }
  });

  it("is found out by the anchor on chain", async () => {
    const anchor = `${honest.size}:${honest.root.toString("hex")}`;
    for (const name of ["fork", "rolledBack"]) expect(await verify(join(folder, name), "--anchor", anchor), name).toBe(4);
    expect(await verify(join(folder, "honest"), "--anchor", anchor)).toBe(0);
  });

  it("is found out by what a witness holds, with both notes as evidence, and the honest one is verified by it", async () => {
    const held = join(folder, "held");
    await writeFile(held, honest.cosigned());
    const knowing = ["--policy", join(folder, "policy"), "--witness-note", held];
    for (const [name, kind] of [
      ["fork", "SPLIT_VIEW"],
      ["rolledBack", "ROLLBACK"],
    ] as const) {
      expect(await verify(join(folder, name), ...knowing), name).toBe(4);
      expect(said).toContain(kind);
      expect(said.match(/example\.org\/audit\n/g)?.length).toBeGreaterThanOrEqual(2);
      expect(said).toContain(honest.root.toString("base64"));
    }
    expect(await verify(join(folder, "honest"), ...knowing), said).toBe(0);
  });

  it("is not held against a note that no witness of the policy has cosigned", async () => {
    const held = join(folder, "uncosigned");
    await writeFile(held, honest.checkpoint());
    expect(await verify(join(folder, "honest"), "--policy", join(folder, "policy"), "--witness-note", held)).not.toBe(0);
    expect(said).toContain("no witness of the policy");
  });

  it("is not verified when the witnesses have not cosigned it", async () => {
    expect(await verify(join(folder, "fork"), "--policy", join(folder, "policy"))).toBe(3);
  });

  it("is told apart from one that grew, whose checkpoint becomes the next state", async () => {
    const state = await stateOf(rolledBack);
    expect(await verify(join(folder, "honest"), "--state", state)).toBe(0);
    expect(await readFile(state)).toEqual(honest.checkpoint());
  });

  it("is never verified by a wrong use either", async () => {
    expect(await verify(join(folder, "nothing"))).toBe(2);
    expect(await run([], { out: () => undefined, err: () => undefined, interactive: false })).toBe(2);
    expect(await run(["--unknown"], { out: () => undefined, err: () => undefined, interactive: false })).toBe(2);
  });
});
