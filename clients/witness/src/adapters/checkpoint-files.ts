import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint, type SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";

/** The checkpoint cosigned last of each log, a file each. What `keep` has kept is still there when the power fails. */
export class CheckpointFiles {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  latest(origin: string): SignedCheckpoint | undefined {
    try {
      return parseCheckpoint(readFileSync(this.path(origin)));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Replaces the checkpoint of its log: written, synced, renamed, and the folder synced, in that order. */
  keep({ origin, bytes }: SignedCheckpoint): Promise<void> {
    return this.write(this.path(origin), bytes);
  }

  /** Keeps a checkpoint that contradicts the one cosigned, beside it, as evidence. */
  keepEvidence(checkpoint: SignedCheckpoint): Promise<void> {
    return this.write(`${this.path(checkpoint.origin)}.contradicted-by-${checkpoint.root.toString("hex").slice(0, 16)}`, checkpoint.bytes);
  }

  private path(origin: string): string {
    return join(this.folder, createHash("sha256").update(origin).digest("hex"));
  }

  private async write(path: string, bytes: Buffer): Promise<void> {
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    const folder = await open(this.folder, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
