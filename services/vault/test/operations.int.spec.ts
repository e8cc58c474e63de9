import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { follow as followGuide } from "./support/guide.js";
import { SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

describe("the guide for the vault's operators, as it stands", () => {
  let bed: VaultBed;
  const folder = mkdtempSync(join(tmpdir(), "operations-"));
  beforeAll(async () => {
    bed = await vaultBed();
    for (const [i, name] of ["operator", "operator-2"].entries())
      writeFileSync(join(folder, `${name}.jwk`), JSON.stringify(bed.trust.operatorKey(i)));
    await SessionBed.armed(bed);
  });
  afterAll(async () => {
    await bed.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = (name: string) => followGuide(name, { folder, port: bed.service.port });

  it("shows versions for people and for programs", async () => {
    const text = await follow("look");
    expect(text).toContain("version 1  active        1 keys");
    expect(text).toMatch(
      /signer-core: user \d+, core dumps off, mlock no \(Node has no call for it\), swap \w+\n {2}peer check: kernel, at connect: socket 0600/,
    );
    expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toMatchObject({ provider: "file", sealed: false });
  });

  it("rotates, rewraps and retires", async () => {
    const ring = JSON.parse(readFileSync(bed.files.kekFile, "utf8"));
    writeFileSync(bed.files.kekFile, JSON.stringify({ active: 2, keys: { ...ring.keys, "2": randomBytes(32).toString("base64") } }));
    const text = await follow("rotate");
    expect(text).toContain("version 2 is active");
    expect(text).toContain("100 %");
    expect(text).toContain("min_decrypt_version 2");
  });

  it("destroys a version with two operators", async () => {
    const text = await follow("destroy");
    expect(text).toContain("destroying version 1 orphans 0 living keys");
    expect(text).toMatch(/version 1 is destroyed \(0 orphans\), by operators [0-9a-f]{16} and [0-9a-f]{16}/);
  });

  it("holds a key ceremony and adds a version with three of five shares", async () => {
    await expect(follow("ceremony")).resolves.toContain("new active version");
  });
});
