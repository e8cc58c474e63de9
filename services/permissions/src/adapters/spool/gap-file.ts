import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";
import type { SpoolGap } from "../../application/stops.js";

/** Bytes the marker always has: it is overwritten in place, so that a full disk has room for it. */
const SIZE = 96;
const gap = z.strictObject({ refused: z.int().positive(), firstAt: z.int(), lastAt: z.int() });

/** Says how many stops the spool did not take; written before there is any need of it, so that saying so needs no space. */
export class GapFile {
  readonly #file: number;
  #gap: SpoolGap | undefined;

  /** @throws Error when it cannot be made */
  constructor(path: string) {
    const content = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
    this.#gap = content === "" ? undefined : gap.parse(JSON.parse(content));
    this.#file = openSync(path, existsSync(path) ? "r+" : "w+", 0o600);
    if (content === "") this.#write("");
  }

  get gap(): SpoolGap | undefined {
    return this.#gap;
  }

  /** One more was refused, accepted at `at` (Unix seconds). */
  add(at: number): void {
    const { refused = 0, firstAt = at } = this.#gap ?? {};
    this.#gap = { refused: refused + 1, firstAt, lastAt: at };
    this.#write(JSON.stringify(this.#gap));
  }

  clear(): void {
    this.#gap = undefined;
    this.#write("");
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(text: string): void {
    writeSync(this.#file, text.padEnd(SIZE), 0);
    ftruncateSync(this.#file, SIZE);
    fdatasyncSync(this.#file);
  }
}
