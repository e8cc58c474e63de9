import { createHash } from "node:crypto";
import { signCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { CompactRange } from "#platform/transparency-log/compact-range.js";
import { HASH_SIZE, leafHash } from "#platform/transparency-log/hash.js";
import { type NoteSigner, signerOf } from "#platform/transparency-log/note-key.js";
import { proveConsistency, proveRange } from "#platform/transparency-log/prove.js";
import { cosign, parseNote } from "#platform/transparency-log/signed-note.js";
import { nodeFromTiles, tilePath } from "#platform/transparency-log/tile.js";
import { TreeBuilder } from "#platform/transparency-log/tree-builder.js";
import type { ExportContent } from "../../../clients/audit-verify/src/application/write-export.js";
import type { ConsistencyStep } from "../../../clients/audit-verify/src/domain/consistency-file.js";

export const ORIGIN = "example.org/audit";
export const logSigner = signerOf(ORIGIN, 1, Buffer.alloc(32, 1));
export const witnessSigner = signerOf("witness.example/w", 4, Buffer.alloc(32, 2));

const SOURCES = ["permissions", "vault", "relay"];
export const ACCOUNTS = ["31337:0xaa", "31337:0xbb"].map((start) => start.padEnd(48, "0"));

/** Events as three services would publish them, each chained to the one before of its service. */
export function madeEvents(count: number, salt = ""): readonly Buffer[] {
  const counts = new Map<string, { sequence: bigint; hash: string }>();
  return Array.from({ length: count }, (_, i) => {
    const source = `urn:interlock:${SOURCES[i % SOURCES.length]}`;
    const before = counts.get(source) ?? { sequence: 0n, hash: "0".repeat(64) };
    const sequence = before.sequence + 1n;
    const account = ACCOUNTS[Math.floor(i / 2) % 2];
    const attributes = {
      specversion: "1.0",
      id: `event-${i}`,
      source,
      type: i % 5 === 0 ? "session.use.denied.v1" : "session.use.authorized.v1",
      subject: `session-${i % 7}`,
      sequence: sequence.toString().padStart(20, "0"),
      partitionkey: account,
      previoushash: before.hash,
      data: { amount: "100.50", nonce: i, salt, text: "Grüße an alle", nested: { sequence: "00000000000000000001", source: "nobody" } },
    };
    const bytes = Buffer.from(JSON.stringify(attributes));
    counts.set(source, { sequence, hash: createHash("sha256").update(bytes).digest("hex") });
    return bytes;
  });
}

/** A whole log in memory. */
export class MadeLog {
  readonly tiles = new Map<string, Buffer>();
  readonly root: Buffer;
  readonly #hashes: readonly Buffer[];

  constructor(readonly events: readonly Buffer[]) {
    this.#hashes = events.map(leafHash);
    const { tiles, root } = TreeBuilder.empty().append(this.#hashes);
    for (const tile of tiles) this.tiles.set(tilePath(tile), tile.hashes);
    this.root = root;
  }

  get size(): number {
    return this.events.length;
  }

  rootAt(size: number): Buffer {
    const range = new CompactRange();
    for (const hash of this.#hashes.slice(0, size)) range.appendLeaf(hash);
    return range.root();
  }

  checkpoint(signers: readonly NoteSigner[] = [logSigner], size = this.size): Buffer {
    return signCheckpoint({ origin: ORIGIN, size, root: this.rootAt(size) }, signers);
  }

  cosigned(time = 1_700_000_000n): Buffer {
    const note = this.checkpoint();
    return Buffer.concat([note, Buffer.from(cosign(parseNote(note).text, witnessSigner, time))]);
  }

  readonly node = (level: number, index: number) =>
    nodeFromTiles((tileLevel, tileIndex, width) => Promise.resolve(this.#tile(tileLevel, tileIndex, width)), this.size, level, index);

  async consistency(from: number): Promise<ConsistencyStep> {
    return { from, root: this.rootAt(from), hashes: await proveConsistency(this.node, from, this.size) };
  }

  /** Content of an export; `withheld` says which entries are. */
  async export(begin: number, end: number, withheld: (event: Buffer) => boolean = () => false): Promise<ExportContent> {
    const lines = this.events.slice(begin, end).map((event, i) => {
      const line = withheld(event)
        ? `{"logindex":"${begin + i}","withheld":true,"leafhash":"${this.#hashes[begin + i]?.toString("hex")}"}`
        : event.toString("utf8");
      return Buffer.from(`${line}\n`);
    });
    const proof = await proveRange(this.node, begin, end, this.size);
    return { origin: ORIGIN, lines: chunks(lines), proof, checkpoint: this.cosigned(), keys: [logSigner.verifier.text] };
  }

  #tile(level: number, index: number, width: number): Buffer {
    const tile = this.tiles.get(tilePath({ level, index, width }));
    if (tile === undefined || tile.length < width * HASH_SIZE) throw new Error(`no tile ${level} ${index} ${width}`);
    return tile;
  }
}

async function* chunks(lines: readonly Buffer[]): AsyncGenerator<Buffer> {
  const CHUNK = 100;
  for (let at = 0; at < lines.length; at += CHUNK) yield Buffer.concat(lines.slice(at, at + CHUNK));
}
