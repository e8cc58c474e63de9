import { dirname } from "node:path";
import type { DurableFiles } from "../../../services/audit/src/application/durable-files.js";

/** What a disk holds after the power failed: files by name. */
type Names = Map<string, Buffer>;

/** Thrown where the power fails. */
export class PowerFailure extends Error {}

/**
 * A disk that keeps a name only once its folder was synced: a crash loses every creation and rename since, or, by `pick`, keeps some of
 * them. The content of a file is synced by `write`; a crash inside a write leaves it torn.
 */
export class LossyFiles implements DurableFiles {
  #lasting: Names = new Map();
  #now: Names = new Map();
  /** Operations until the power fails; never when undefined. */
  #left: number | undefined;

  constructor(private readonly pick: (below: number) => number) {}

  failAfter(operations: number | undefined): void {
    this.#left = operations;
  }

  /** The machine starts again: what was not synced is lost, or has happened to last. */
  restart(): void {
    this.#left = undefined;
    for (const [path, bytes] of this.#now) {
      const old = this.#lasting.get(path);
      if (old?.equals(bytes) !== true && this.pick(2) === 0) this.#lasting.set(path, bytes);
    }
    this.#now = new Map(this.#lasting);
  }

  read(path: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.#now.get(path));
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const whole = Buffer.from(bytes);
    if (this.#fails()) {
      this.#now.set(path, whole.subarray(0, this.pick(whole.length + 1)));
      throw new PowerFailure();
    }
    this.#now.set(path, whole);
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.#fails()) throw new PowerFailure();
    const bytes = this.#now.get(from);
    if (bytes === undefined) throw new Error(`there is no ${from}`);
    this.#now.delete(from);
    this.#now.set(to, bytes);
  }

  async syncFolder(path: string): Promise<void> {
    if (this.#fails()) throw new PowerFailure();
    for (const [name, bytes] of this.#now) if (dirname(name) === dirname(path)) this.#lasting.set(name, bytes);
  }

  #fails(): boolean {
    if (this.#left === undefined) return false;
    this.#left -= 1;
    return this.#left < 0;
  }
}
