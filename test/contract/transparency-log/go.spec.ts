import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { encodeBundle } from "#platform/transparency-log/entry-bundle.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { signerOf } from "#platform/transparency-log/note-key.js";
import { cosign, parseNote } from "#platform/transparency-log/signed-note.js";
import { tilePath, tileWidth } from "#platform/transparency-log/tile.js";
import { TreeBuilder } from "#platform/transparency-log/tree-builder.js";
import { skipLoudly } from "../../support/skip-loudly.js";

const ORIGIN = "example.org/interlock/audit";
const SIZES = [1, 2, 255, 256, 257, 1_000, 66_000];

function goWorks(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const available = goWorks();
if (!available) skipLoudly("go", "reads the log with golang.org/x/mod/sumdb", "it needs Go 1.24 or newer on the PATH");

/** The log as files, of `size` leaves, and the inputs of the Go program. */
async function writeMirror(folder: string, size: number): Promise<void> {
  const signer = signerOf(ORIGIN, 1, Buffer.alloc(32, 7));
  const witness = signerOf("witness.example", 4, Buffer.alloc(32, 8));
  const put = (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  const leaves = Array.from({ length: size }, (_, i) => Buffer.from(`event ${i}`));
  const { tiles, root } = TreeBuilder.empty().append(leaves.map(leafHash));
  for (const tile of tiles) put(tilePath(tile), tile.hashes);
  for (let index = 0; tileWidth("entries", index, size) > 0; index++) {
    const width = tileWidth("entries", index, size);
    put(tilePath({ level: "entries", index, width }), encodeBundle(leaves.slice(index * 256, index * 256 + width)));
  }
  const note = signCheckpoint({ origin: ORIGIN, size, root }, [signer]);
  put("checkpoint", Buffer.concat([note, Buffer.from(cosign(parseNote(note).text, witness, 1_700_000_000n))]));
  put("vkey", Buffer.from(signer.verifier.text));
}

describe.runIf(available)("the log read by golang.org/x/mod/sumdb", () => {
  const folder = mkdtempSync(join(tmpdir(), "interlock-go-"));
  const binary = join(folder, "readlog");
  beforeAll(() => {
    cpSync(fileURLToPath(new URL("./readlog/", import.meta.url)), join(folder, "src"), { recursive: true });
    execFileSync("go", ["build", "-o", binary, "."], {
      cwd: join(folder, "src"),
      stdio: "inherit",
      env: { ...process.env, GOFLAGS: "-mod=mod" },
    });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(SIZES)("opens the checkpoint of %i leaves, proves every kind of record and finds the entries", async (size) => {
    const mirror = join(folder, `mirror-${size}`);
    await writeMirror(mirror, size);
    const said = execFileSync(binary, [mirror], { encoding: "utf8" });
    expect(said.trim()).toBe(`verified ${size}`);
  });

  it("does not open a checkpoint whose size was changed", async () => {
    const mirror = join(folder, "mirror-changed");
    await writeMirror(mirror, 300);
    const changed = readFileSync(join(mirror, "checkpoint"), "utf8").replace("\n300\n", "\n299\n");
    writeFileSync(join(mirror, "checkpoint"), changed);
    expect(() => execFileSync(binary, [mirror], { stdio: "pipe" })).toThrow();
  });
});
