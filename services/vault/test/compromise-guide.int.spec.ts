import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeTemporaryFolder, temporaryFolder } from "../../../deploy/local/temporary-folder.js";
import { follow } from "./support/guide.js";
import { type KubectlDouble, kubectlDouble } from "./support/kubectl-double.js";
import { SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const PATCH = "patch secret interlock-vault --type merge -p ";

describe("the guide for the compromise of a host, as it stands", () => {
  const folder = temporaryFolder("compromise-guide");
  let bed: VaultBed;
  let kubectl: KubectlDouble;
  let patched = "";
  beforeAll(async () => {
    bed = await vaultBed();
    for (const [i, name] of ["operator", "operator-2"].entries())
      writeFileSync(join(folder, `${name}.jwk`), JSON.stringify(bed.trust.operatorKey(i)));
    kubectl = await kubectlDouble({
      "get secret interlock-vault -o jsonpath={.data.kek\\.json}": async () => readFileSync(bed.files.kekFile).toString("base64"),
      [PATCH]: async (_input, line) => {
        const { data } = JSON.parse(line.slice(PATCH.length));
        patched = Buffer.from(data["kek.json"], "base64").toString("utf8");
        writeFileSync(bed.files.kekFile, patched);
        return "secret/interlock-vault patched\n";
      },
    });
  });
  afterAll(async () => {
    kubectl?.close();
    await bed?.close();
    removeTemporaryFolder(folder);
  });

  it("kills every key under the stolen ring at once, and new ones work", async () => {
    const sessions = [await SessionBed.armed(bed), await SessionBed.armed(bed)];
    for (const session of sessions) await session.sign(await session.signRequest());
    const text = await follow("compromise", { folder, port: bed.service.port, kubectl: kubectl.url });
    expect(Object.keys(JSON.parse(patched).keys)).toEqual(["1", "2"]);
    expect(text).toContain("version 2 is active");
    expect(text).toContain("destroying version 1 orphans 2 living keys");
    expect(text).toContain("version 1 is destroyed (2 orphans)");
    for (const session of sessions) await expect(session.sign(await session.signRequest())).rejects.toThrow();
    const anew = await SessionBed.armed(bed);
    await anew.sign(await anew.signRequest());
  });
});
