import { createHash } from "node:crypto";
import type { PostgresLogStorage } from "../../../services/audit/src/adapters/postgres-log-storage.js";
import { TreeBuilder } from "../../../services/platform/src/transparency-log/tree-builder.js";
import { median } from "../eventing/measure.js";
import type { Report } from "../eventing/report.js";

const SMALL = 20_000;
const BATCH = 256;
const STEPS = 60;

const leaf = (i: number) => createHash("sha256").update(String(i)).digest();

/** Milliseconds a leaf costs when batches are appended to a log of `builder.size` and committed to Postgres. */
async function timed(builder: TreeBuilder, storage: PostgresLogStorage): Promise<number> {
  const times: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const from = builder.size;
    const leaves = Array.from({ length: BATCH }, (_, i) => leaf(from + i));
    const begin = performance.now();
    await storage.commit({ from, ...builder.append(leaves), note: Buffer.from("bench") });
    times.push((performance.now() - begin) / BATCH);
  }
  return median(times);
}

async function grow(builder: TreeBuilder, storage: PostgresLogStorage, size: number): Promise<void> {
  while (builder.size < size) {
    const from = builder.size;
    const count = Math.min(16_384, size - from);
    await storage.commit({ from, ...builder.append(Array.from({ length: count }, (_, i) => leaf(from + i))), note: Buffer.from("bench") });
  }
}

/** Append time of a large log against that of a small one: durable, in Postgres. */
export async function measureAppend(storage: PostgresLogStorage, report: Report, large: number): Promise<void> {
  const builder = TreeBuilder.empty();
  await grow(builder, storage, SMALL);
  const small = await timed(builder, storage);
  await grow(builder, storage, large);
  const big = await timed(builder, storage);
  const note = `a leaf costs ${(small * 1_000).toFixed(1)} us at ${SMALL} and ${(big * 1_000).toFixed(1)} us at ${large}, committed`;
  report.add({ name: "append_growth", value: big / small, unit: `of ${SMALL} leaves`, bar: 1.5, rounds: STEPS, note });
}
