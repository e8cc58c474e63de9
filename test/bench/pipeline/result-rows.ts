import type { ResultRow } from "../../../deploy/local/results/result-file.js";
import type { Round } from "./run-round.js";

/** Both arms of one round. */
export interface SeenRound {
  readonly pipeline: Round;
  readonly bare: Round;
}

/** Ratio of the arms that the design asks for. */
const GOAL = 0.25;

/** The ratio, both rates, and where the processor time of one execution went; medians over the rounds. */
export function resultRows(seen: readonly SeenRound[], about: string): ResultRow[] {
  const rounds = seen.length;
  const ratio = median(seen.map(({ pipeline, bare }) => pipeline.rate / bare.rate));
  const row = (name: string, value: number, unit: string, note?: string): ResultRow => ({
    name,
    value: rounded(value),
    unit,
    rounds,
    ...(note === undefined ? {} : { note }),
  });
  return [
    { ...row("pipeline_ratio", ratio, "ratio", about), bar: GOAL },
    row("pipeline_mined", median(seen.map(({ pipeline }) => pipeline.rate)), "per_s"),
    row("bare_mined", median(seen.map(({ bare }) => bare.rate)), "per_s", "own counter, local signatures, sendRawTransaction"),
    ...cpuRows("cpu_ms_", seen, "pipeline").map(([name, ms]) => row(name, ms, "ms_per_execution")),
    ...cpuRows("bare_cpu_ms_", seen, "bare").map(([name, ms]) => row(name, ms, "ms_per_transaction")),
  ];
}

/** The sum, then each process, dearest first. */
function cpuRows(prefix: string, seen: readonly SeenRound[], arm: keyof SeenRound): [string, number][] {
  const names = new Set(seen.flatMap((round) => [...round[arm].cpu.keys()]));
  const each = [...names].map((name): [string, number] => [`${prefix}${name}`, median(seen.map((round) => round[arm].cpu.get(name) ?? 0))]);
  const total = median(seen.map((round) => [...round[arm].cpu.values()].reduce((sum, ms) => sum + ms, 0)));
  return [[`${prefix}total`, total], ...each.filter(([, ms]) => ms >= 0.01).sort(([, a], [, b]) => b - a)];
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}

function rounded(figure: number): number {
  return Math.round(figure * 1_000) / 1_000;
}
