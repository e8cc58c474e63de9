import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompactRange } from "./compact-range.js";
import { EMPTY_ROOT, HASH_SIZE, leafHash, nodeHash } from "./hash.js";
import { proveConsistency, proveInclusion, proveRange, readCompactRange } from "./prove.js";
import { nodeFromTiles, tileWidth } from "./tile.js";
import { TreeBuilder } from "./tree-builder.js";
import { rootOfRange, verifyConsistency, verifyInclusion } from "./verify.js";

const leaves = Array.from({ length: 700 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

/** Merkle tree hash as RFC 6962 section 2.1 defines it, word for word. */
function naiveRoot(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only === undefined) return EMPTY_ROOT;
  if (hashes.length === 1) return only;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return nodeHash(naiveRoot(hashes.slice(0, half)), naiveRoot(hashes.slice(half)));
}

const read = async (level: number, index: number) => naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const size = fc.integer({ min: 1, max: leaves.length });
const rangeOf = (begin: number, end: number) => {
  const range = new CompactRange(begin);
  for (const leaf of leaves.slice(begin, end)) range.appendLeaf(leaf);
  return range;
};

describe("proofs of the log", () => {
  it("give the root of the definition for every size, leaf by leaf", () => {
    const range = new CompactRange();
    expect(range.root()).toEqual(naiveRoot([]));
    for (const [i, leaf] of leaves.entries()) {
      range.appendLeaf(leaf);
      if (i < 260 || i % 50 === 0) expect(range.root()).toEqual(naiveRoot(leaves.slice(0, i + 1)));
    }
  });

  it("show any leaf in a log of any size, and no other leaf, place or root", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (n, at) => {
        const index = at % n;
        const [proof, root] = [await proveInclusion(read, index, n), naiveRoot(leaves.slice(0, n))];
        const hash = leaves[index] ?? EMPTY_ROOT;
        verifyInclusion(index, n, hash, proof, root);
        expect(() => verifyInclusion(index, n, EMPTY_ROOT, proof, root)).toThrow();
        expect(() => verifyInclusion(index, n, hash, proof, EMPTY_ROOT)).toThrow();
        if (n > 1) expect(() => verifyInclusion((index + 1) % n, n, hash, proof, root)).toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it("show any log as the beginning of any longer one, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(size, size, async (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        const proof = await proveConsistency(read, older, newer);
        const [oldRoot, newRoot] = [naiveRoot(leaves.slice(0, older)), naiveRoot(leaves.slice(0, newer))];
        verifyConsistency(older, newer, proof, oldRoot, newRoot);
        expect(() => verifyConsistency(older, newer, proof, EMPTY_ROOT, newRoot)).toThrow();
        expect(() => verifyConsistency(older, newer, proof, oldRoot, EMPTY_ROOT)).toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it("place any range of leaves with a number of hashes that does not depend on its length", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (n, x, y) => {
        const [begin, end] = [x % (n + 1), y % (n + 1)].sort((l, r) => l - r) as [number, number];
        const proof = await proveRange(read, begin, end, n);
        const root = naiveRoot(leaves.slice(0, n));
        expect(rootOfRange(proof, rangeOf(begin, end))).toEqual(root);
        expect(proof.left.length + proof.right.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(n + 1)));
        if (end > begin) {
          const changed = new CompactRange(begin);
          for (let i = begin; i < end; i++) changed.appendLeaf(i === begin ? EMPTY_ROOT : (leaves[i] ?? EMPTY_ROOT));
          expect(rootOfRange(proof, changed)).not.toEqual(root);
          expect(() => rootOfRange(proof, rangeOf(begin, end - 1))).toThrow(/the leaves are/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("come the same from tiles, however the log grew", async () => {
    const many = Array.from({ length: 66_000 }, (_, i) => leafHash(Buffer.from(String(i))));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 22_000 }), { maxLength: 3 }), async (batches) => {
        const tiles = new Map<string, Buffer>();
        const readTile = async (level: number, index: number, width: number) => {
          const tile = tiles.get(`${level} ${index}`);
          if (tile === undefined) throw new Error(`no tile ${level} ${index}`);
          return tile.subarray(0, width * HASH_SIZE);
        };
        let builder = TreeBuilder.empty();
        for (const batch of batches) {
          const grown = builder.append(many.slice(builder.size, builder.size + batch));
          for (const { level, index, width, hashes } of grown.tiles) {
            expect(hashes.length).toBe(width * HASH_SIZE);
            tiles.set(`${level} ${index}`, hashes);
          }
          builder = await TreeBuilder.open(readTile, grown.size);
          expect(builder.root()).toEqual(grown.root);
        }
        const n = builder.size;
        const whole = new CompactRange();
        for (const leaf of many.slice(0, n)) whole.appendLeaf(leaf);
        expect(builder.root()).toEqual(whole.root());
        const node = (level: number, index: number) => nodeFromTiles(readTile, n, level, index);
        expect((await readCompactRange(node, n)).root()).toEqual(whole.root());
        expect(tileWidth(0, 0, n)).toBe(Math.min(n, 256));
        if (n > 0) verifyInclusion(n - 1, n, many[n - 1] ?? EMPTY_ROOT, await proveInclusion(node, n - 1, n), whole.root());
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});
