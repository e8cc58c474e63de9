import { readFileSync } from "node:fs";
import type { ProcessFacts } from "./protocol/process-facts-schema.js";

/** Where Linux says what a process may do; the core has to be given the right to read them. */
export const FACT_FILES = {
  limits: "/proc/self/limits",
  status: "/proc/self/status",
  swaps: "/proc/swaps",
  swapLimit: "/sys/fs/cgroup/memory.swap.max",
} as const;

type ReadText = (path: string) => string | undefined;

/**
 * What guards this process's memory, as the system has it now. Node has no call for mlock, so where the system swaps, nothing keeps a page
 * with a key from the disk; a cgroup without swap (what the kubelet gives pods by default) or a machine without any does.
 */
export function processFacts(read: ReadText = readOrNothing): ProcessFacts {
  const locked = /^VmLck:\s+(\d+) kB$/m.exec(read(FACT_FILES.status) ?? "")?.[1];
  return {
    uid: process.getuid?.() ?? -1,
    coreDumps: coreDumps(read(FACT_FILES.limits)),
    lockedKilobytes: locked === undefined ? null : Number(locked),
    swap: swap(read),
  };
}

function coreDumps(limits: string | undefined): ProcessFacts["coreDumps"] {
  const match = /^Max core file size +(\S+) +(\S+)/m.exec(limits ?? "");
  if (match === null) return "unknown";
  return match[1] === "0" && match[2] === "0" ? "off" : "on";
}

function swap(read: ReadText): ProcessFacts["swap"] {
  if (read(FACT_FILES.swapLimit)?.trim() === "0") return "none";
  const devices = read(FACT_FILES.swaps)?.trim().split("\n");
  if (devices === undefined) return "unknown";
  // The first line is the heading.
  return devices.length > 1 ? "possible" : "none";
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
