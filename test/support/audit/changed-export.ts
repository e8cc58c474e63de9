import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Manifest, parseManifest } from "../../../clients/audit-verify/src/domain/manifest.js";

/** An export somebody works on: every change keeps the manifest's list of files right, as a careful forger would. */
export class ChangedExport {
  constructor(readonly folder: string) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  get manifest(): Manifest {
    return parseManifest(this.read("manifest.json").toString("utf8"));
  }

  /** Writes a file and brings its line in the manifest up to date. */
  write(name: string, bytes: Buffer | string): void {
    writeFileSync(this.path(name), bytes);
    this.changeManifest((manifest) => ({
      ...manifest,
      files: manifest.files.map((file) => {
        if (file.name !== name) return file;
        const size = statSync(this.path(name)).size;
        if (file.sha256 === undefined) return { ...file, bytes: size };
        return { ...file, bytes: size, sha256: createHash("sha256").update(this.read(name)).digest("hex") };
      }),
    }));
  }

  changeManifest(change: (manifest: Manifest) => object): void {
    writeFileSync(this.path("manifest.json"), JSON.stringify(change(this.manifest)));
  }

  lines(): string[] {
    return gunzipSync(this.read("events.ndjson.gz")).toString("utf8").split("\n").slice(0, -1);
  }

  /** Changes the entries. */
  changeLines(change: (lines: string[]) => readonly string[]): void {
    const changed = change(this.lines()).map((line) => `${line}\n`);
    this.write("events.ndjson.gz", gzipSync(changed.join("")));
  }
}
