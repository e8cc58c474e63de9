import { CompactRange } from "#platform/transparency-log/compact-range.js";
import { HASH_SIZE, leafHashInPlace } from "#platform/transparency-log/hash.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { eventAttributes } from "../domain/event-attributes.js";
import { ProducerCounts } from "../domain/producer-counts.js";
import { isWithheld, parseWithheld } from "../domain/withheld-line.js";

export interface EntryReaderOptions {
  /** Index of the first entry. */
  readonly begin: number;
  /** Entries that are expected, to make room for their hashes at once; more or fewer may come. */
  readonly expected?: number;
  /** Sizes at which the root is wanted on the way, to compare with what others saw then. */
  readonly rootsAt?: readonly number[];
  /** Subtrees of [0, begin), to know roots on the way; without them they are known only when begin is 0. */
  readonly left?: CompactRange;
  /** Told after every 10,000 entries. */
  readonly onProgress?: (entries: number) => void;
}

/** No room is made for more on somebody's word alone. */
const MOST_EXPECTED = 4_000_000;

/** Reads entries line by line: hashes each, counts each producer, and keeps all that is needed for the root. */
export class EntryReader {
  readonly range: CompactRange;
  readonly producers: ProducerCounts;
  /** Root of the log at each size that was asked for and passed. */
  readonly roots = new Map<number, Buffer>();
  withheld = 0;
  #hashes: Buffer;
  readonly #whole: CompactRange | undefined;
  readonly #rootsAt: Set<number>;

  constructor(private readonly options: EntryReaderOptions) {
    this.range = new CompactRange(options.begin);
    this.#hashes = Buffer.alloc(HASH_SIZE * Math.min(Math.max(options.expected ?? 0, 1_024), MOST_EXPECTED));
    this.producers = new ProducerCounts(options.begin === 0);
    this.#rootsAt = new Set(options.rootsAt);
    this.#whole = this.#rootsAt.size === 0 ? undefined : (options.left ?? (options.begin === 0 ? new CompactRange() : undefined));
    this.#noteRoot();
  }

  /** Index after the last entry. */
  get end(): number {
    return this.range.end;
  }

  /** Leaf hashes of all entries, 32 bytes each. */
  get leafHashes(): Buffer {
    return this.#hashes.subarray(0, (this.end - this.options.begin) * HASH_SIZE);
  }

  /**
   * The entry in bytes[start, end). Overwrites the byte before `start`.
   * @throws LogError MODIFIED when it is neither an event nor a withheld entry in its place
   */
  readonly line = (bytes: Buffer, start: number, end: number): void => {
    const index = this.end;
    if (isWithheld(bytes, start, end)) {
      const withheld = parseWithheld(bytes, start, end);
      if (withheld === undefined) throw new LogError("MODIFIED", "a withheld entry is malformed", index);
      if (withheld.index !== index)
        throw new LogError(withheld.index > index ? "MISSING" : "REORDERED", `entry ${withheld.index} stands at ${index}`, index);
      this.withheld += 1;
      this.#leaf(withheld.leafHash, index);
      return;
    }
    const leaf = leafHashInPlace(bytes, start, end);
    const attributes = eventAttributes(bytes, start, end);
    if (attributes !== undefined) this.producers.see(attributes, index, this.withheld);
    this.#leaf(leaf, index);
  };

  #leaf(leaf: Buffer, index: number): void {
    const offset = (index - this.options.begin) * HASH_SIZE;
    if (offset === this.#hashes.length) this.#grow();
    leaf.copy(this.#hashes, offset);
    this.range.appendLeaf(leaf);
    this.#whole?.appendLeaf(leaf);
    this.#noteRoot();
    if ((index + 1) % 10_000 === 0) this.options.onProgress?.(index + 1 - this.options.begin);
  }

  #grow(): void {
    const grown = Buffer.alloc(this.#hashes.length * 2);
    this.#hashes.copy(grown);
    this.#hashes = grown;
  }

  #noteRoot(): void {
    if (this.#whole !== undefined && this.#rootsAt.has(this.end)) this.roots.set(this.end, this.#whole.root());
  }
}
