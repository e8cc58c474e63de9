import { type CpuUsage, cpuBetween, cpuUsage, totalOf } from "./cpu-usage.js";
import { type Load, saturate } from "./mined-counter.js";

/** One arm in one round. */
export interface Round {
  /** Mined per second while saturated. */
  readonly rate: number;
  /** Milliseconds of processor time per operation, by process, with all that an operation leaves to do afterwards. */
  readonly cpu: CpuUsage;
}

/** Milliseconds of processor time of the whole machine part per second of the clock below which nothing is left to do. */
const QUIET_MS_PER_S = 250;
const LOOK_MS = 500;

/** Saturates one arm, then waits until what it left behind (settlements, the audit log) is done: it must not weigh on the other arm. */
export async function runRound(load: Load, send: (nth: number) => Promise<void>): Promise<Round> {
  const before = cpuUsage();
  const { rate, sent } = await saturate(load, send);
  const after = await untilQuiet();
  return { rate, cpu: new Map([...cpuBetween(before, after)].map(([name, ms]) => [name, ms / sent])) };
}

async function untilQuiet(): Promise<CpuUsage> {
  const end = performance.now() + 60_000;
  for (let last = cpuUsage(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = cpuUsage();
    if (totalOf(cpuBetween(last, now)) < (QUIET_MS_PER_S * LOOK_MS) / 1_000 || performance.now() > end) return now;
    last = now;
  }
}
