import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { SpoolGap, StopSpool, UnrecordedStop } from "../../application/stops.js";
import { GapFile } from "./gap-file.js";
import { encodeLine, readLines } from "./spool-lines.js";

/**
 * Stops in an append-only file, on disk before they are acknowledged. Written synchronously: it happens only with the database away, and
 * nothing may be answered before it is done.
 */
export class FileStopSpool implements StopSpool {
  readonly kept: readonly UnrecordedStop[];
  /** Bytes at the end that were no whole lines of the chain; 0 unless a write was cut short or the file was damaged. */
  readonly torn: number;
  readonly #file: number;
  readonly #gap: GapFile;
  #digest: string;
  #length: number;

  /** Opens or makes `folder`/stops.spool; a torn end is put aside, so that the chain can go on. @throws Error when it cannot be written */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "stops.spool");
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const { stops, length, digest } = readLines(content);
    this.kept = stops;
    this.torn = content.length - length;
    if (this.torn > 0) writeFileSync(join(folder, "stops.torn"), content.subarray(length), { mode: 0o600, flag: "a" });
    this.#length = length;
    this.#digest = digest;
    this.#file = openSync(path, existsSync(path) ? "r+" : "w+", 0o600);
    ftruncateSync(this.#file, length);
    fsyncSync(this.#file);
    this.#gap = new GapFile(join(folder, "stops.gap"));
    syncFolder(dirname(path));
  }

  get gap(): SpoolGap | undefined {
    return this.#gap.gap;
  }

  refused(at: number): void {
    this.#gap.add(at);
  }

  gapRecorded(): void {
    this.#gap.clear();
  }

  keep(stop: UnrecordedStop): void {
    const { bytes, digest } = encodeLine(stop, this.#digest);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#length + done);
      fdatasyncSync(this.#file);
    } catch (error) {
      // What was written of it would tear the chain for those that follow.
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
    this.#length += bytes.length;
    this.#digest = digest;
  }

  drained(): void {
    ftruncateSync(this.#file, 0);
    fsyncSync(this.#file);
    this.#length = 0;
    this.#digest = "";
  }

  close(): void {
    closeSync(this.#file);
    this.#gap.close();
  }
}

/** A new file is there after a power cut only when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}
