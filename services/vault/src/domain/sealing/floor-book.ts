import type { Hex } from "viem";
import { parseSealedFloor, type SealedFloor } from "./sealed-floor.js";

const MOST = 4_096;

interface Entry {
  readonly text: string;
  readonly sealed: SealedFloor;
}

/**
 * Floors that were read before, by their hash: hashing and checking the text costs more than signing. An entry serves only the very text
 * it was made from, so a forged text is read, and refused, like any other.
 */
export class FloorBook {
  readonly #known = new Map<Hex, Entry>();

  /** As `parseSealedFloor`. @throws InterlockError FENCED when the text is not the one that was sealed */
  read(text: string, hash: Hex): SealedFloor {
    const known = this.#known.get(hash);
    if (known?.text === text) return known.sealed;
    const sealed = parseSealedFloor(text, hash);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(hash, { text, sealed });
    return sealed;
  }
}
