import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, closeSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTrust } from "../../../test/support/test-trust.js";
import { CoreClient } from "../src/adapters/core/core-client.js";
import { CoreConnection } from "../src/adapters/core/core-connection.js";
import { CoreProcess } from "../src/adapters/core/core-process.js";
import { compiledCore, coreFiles, type TestCoreFiles } from "./support/core-files.js";
import { until } from "./support/until.js";

/** User ids that nobody has: the core's, and that of a neighbour in the same pod. */
const [CORE, NEIGHBOUR] = [61_002, 61_001];

describe.runIf(process.platform === "linux" && mayBecome(CORE))("signer-core as a user of its own", () => {
  let files: TestCoreFiles;
  let core: CoreProcess;
  let connection: CoreConnection;
  let pid = 0;
  beforeAll(async () => {
    files = coreFiles(await testTrust());
    for (const path of [files.kekFile, files.trustFile, files.deploymentFile, dirname(files.kekFile)]) chownSync(path, CORE, -1);
    core = new CoreProcess({ files, entry: compiledCore(), uid: CORE });
    core.start();
    connection = new CoreConnection(core.socket);
    connection.open();
    const client = new CoreClient(connection);
    await until(() => client.call("health", {}).catch(() => undefined), 120_000);
    pid = core.pid ?? 0;
  }, 180_000);
  afterAll(() => {
    connection?.close();
    core?.stop();
    files?.remove();
  });

  /** What another user gets who asks for it; undefined when nothing. */
  const asNeighbour = (script: string): string | undefined => {
    const run = spawnSync(process.execPath, ["-e", script], { uid: NEIGHBOUR, gid: NEIGHBOUR, env: {}, cwd: "/", encoding: "utf8" });
    return run.status === 0 ? run.stdout : undefined;
  };

  it("runs under that id and no other", () => {
    expect(readFileSync(`/proc/${pid}/status`, "utf8")).toMatch(new RegExp(`^Uid:\\t${CORE}\\t${CORE}\\t${CORE}\\t${CORE}$`, "m"));
  });

  it("may write no core dump, which would hold its keys", () => {
    expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 +0 /m);
  });

  it("shows its memory to root, so that the refusals below say something", () => {
    closeSync(openSync(`/proc/${pid}/mem`, "r"));
  });

  it.each(["mem", "environ", "maps", "fd/0"])("shows another user no /proc/PID/%s", (what) => {
    expect(asNeighbour(`require("fs").closeSync(require("fs").openSync("/proc/${pid}/${what}"))`)).toBeUndefined();
  });

  it("shows another user neither its key ring nor its socket", () => {
    expect(asNeighbour(`require("fs").readFileSync(${JSON.stringify(files.kekFile)})`)).toBeUndefined();
    const talk = `require("net").connect(${JSON.stringify(core.socket)}).on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
    expect(asNeighbour(talk)).toBeUndefined();
    expect(asNeighbour("process.stdout.write('control')")).toBe("control");
  });
});

/** Root may, where the compiled code is readable for others. */
function mayBecome(uid: number): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync(process.execPath, ["-e", `require("fs").accessSync(${JSON.stringify(compiledCore())})`], {
      uid,
      env: {},
      cwd: "/",
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}
