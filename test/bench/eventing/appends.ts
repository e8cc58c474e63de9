import { appendArm, hotStreamArm, rawArm } from "./arms.js";
import { type Bed, CALLERS } from "./bed.js";
import { startEmmett } from "./emmett-arm.js";
import { median } from "./measure.js";
import type { Report } from "./report.js";

const ROUND_MS = 2_000;

/** The appending rows: all arms take turns, and each ratio is of two arms of the same round. */
export async function measureAppends(bed: Bed, report: Report, rounds: number): Promise<void> {
  const emmett = await startEmmett(await bed.otherDatabase());
  const seen = {
    raw1: [] as number[],
    raw64: [] as number[],
    one: [] as number[],
    many: [] as number[],
    tens: [] as number[],
    hot: [] as number[],
    emmett: [] as number[],
  };
  for (let round = -1; round < rounds; round++) {
    const values = {
      raw1: await rawArm(bed, 1, ROUND_MS),
      one: await appendArm(bed, 1, ROUND_MS),
      raw64: await rawArm(bed, CALLERS, ROUND_MS),
      many: await appendArm(bed, CALLERS, ROUND_MS),
      emmett: (await emmett?.rate(CALLERS, ROUND_MS)) ?? Number.NaN,
      tens: await appendArm(bed, CALLERS, ROUND_MS, 10),
      hot: await hotStreamArm(bed, ROUND_MS),
    };
    if (round < 0) continue; // The first round warms caches and compilers up.
    seen.raw1.push(values.raw1);
    seen.one.push(values.one);
    seen.raw64.push(values.raw64);
    seen.many.push(values.many);
    seen.emmett.push(values.emmett);
    seen.tens.push(values.tens);
    seen.hot.push(values.hot);
  }
  await emmett?.stop();
  const ratio = (over: readonly number[], under: readonly number[]) =>
    median(over.map((value, index) => value / (under[index] ?? Number.NaN)));
  const shown = Object.entries(seen).filter(([name]) => emmett !== undefined || name !== "emmett");
  for (const [name, values] of shown) report.add({ name: `events_${name}`, value: median(values), unit: "1/s", rounds });
  report.add({ name: "append_x1", value: ratio(seen.one, seen.raw1), unit: "of raw", bar: 0.45, rounds });
  report.add({ name: "append_x64", value: ratio(seen.many, seen.raw64), unit: "of raw", bar: 0.45, rounds });
  report.add({ name: "append_batch10", value: ratio(seen.tens, seen.raw64), unit: "of raw", bar: 1.7, rounds });
  if (emmett === undefined) console.warn("append_x64_vs_emmett is not measured: emmett could not be loaded");
  else report.add({ name: "append_x64_vs_emmett", value: ratio(seen.many, seen.emmett), unit: "of emmett", bar: 1.8, rounds });
  report.add({ name: "hot_stream_64", value: ratio(seen.hot, seen.raw64), unit: "of raw", bar: 0.8, rounds });
}
