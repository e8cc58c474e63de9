import { createHash } from "node:crypto";

/** The partition a key belongs to: the same for ever, because the number of partitions of a topic never changes. */
export function partitionOf(key: string, partitions: number): number {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % partitions;
}
