// Success counters of the invariant runs: a run in which an action never succeeded, or a limit was never met, has shown nothing.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contractsRoot } from "./compile.mjs";

const file = `cache/counters-${process.pid}`;

/** What the tests need to know to leave their counters. */
export const countersEnvironment = { INTERLOCK_COUNTERS: file };

/** Adds up the counters that the runs left and forgets them. Empty when no invariant ran. */
export function takeCounters() {
  const path = join(contractsRoot, file);
  if (!existsSync(path)) return new Map();
  const sums = new Map();
  for (const pair of readFileSync(path, "utf8").split(/\s+/).filter(Boolean)) {
    const [name, count] = pair.split("=");
    sums.set(name, (sums.get(name) ?? 0) + Number(count));
  }
  rmSync(path);
  return sums;
}

/** Prints the sums; false when one of them is 0. */
export function reportCounters(sums) {
  if (sums.size === 0) return true;
  const never = [...sums].filter(([, count]) => count === 0).map(([name]) => name);
  process.stdout.write(`invariants met: ${[...sums].map(([name, count]) => `${name} ${count}`).join(", ")}\n`);
  if (never.length > 0) process.stdout.write(`NEVER met, so the run shows nothing about it: ${never.join(", ")}\n`);
  return never.length === 0;
}

mkdirSync(join(contractsRoot, "cache"), { recursive: true });
