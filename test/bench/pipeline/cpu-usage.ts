import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second (USER_HZ), whatever the kernel was built with. */
const MS_PER_TICK = 10;

/** Milliseconds of processor time by process name; those of ended children count for their parent. */
export type CpuUsage = ReadonlyMap<string, number>;

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

/**
 * Processor time so far of this process and all it has started: `client` is this process itself, a service goes by its name, and what a
 * program starts in turn (database connections) counts for it. `vault` and its `signer-core` are told apart.
 */
export function cpuUsage(): CpuUsage {
  const entries = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []));
  const children = Map.groupBy(entries, ({ parent }) => parent);
  const usage = new Map<string, number>();
  const walk = (entry: Entry, inherited: string) => {
    const name = nameOf(entry.pid) ?? inherited;
    usage.set(name, (usage.get(name) ?? 0) + entry.ms);
    for (const child of children.get(entry.pid) ?? []) walk(child, name);
  };
  const { user, system } = process.cpuUsage();
  usage.set("client", (user + system) / 1_000);
  for (const child of children.get(process.pid) ?? []) walk(child, "other");
  return usage;
}

/** What was used between two looks. */
export function cpuBetween(before: CpuUsage, after: CpuUsage): CpuUsage {
  return new Map([...after].map(([name, ms]) => [name, Math.max(0, ms - (before.get(name) ?? 0))]));
}

/** The sum over all processes. */
export function totalOf(usage: CpuUsage): number {
  return [...usage.values()].reduce((sum, ms) => sum + ms, 0);
}

/** @see proc_pid_stat(5): 4 is the parent, 14 to 17 are the times of the process and of its children that were waited for */
function statOf(pid: number): Entry[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid, parent: Number(fields[1]), ms: ticks * MS_PER_TICK }];
  } catch {
    // It ended between the listing and the reading.
    return [];
  }
}

function nameOf(pid: number): string | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (command.includes("signer-core")) return "signer_core";
    return /services\/([a-z]+)\/src\/main/.exec(command)?.[1] ?? /\/bin\/(postgres|anvil)/.exec(command)?.[1];
  } catch {
    return undefined;
  }
}
