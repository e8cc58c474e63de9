import { readFileSync } from "node:fs";
import type { ServiceProcess } from "./service-process.js";

/** Lines of a log that are shown when a service does not come up. */
const TAIL_LINES = 15;

/**
 * Waits until the service answers on its health port (and its public port, if given).
 * @throws Error with the end of the service's log when it ends or stays silent for 120 s.
 */
export async function waitUntilListening(service: ServiceProcess, healthPort: number, httpPort?: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  const urls = [`http://127.0.0.1:${healthPort}/readyz`, ...(httpPort === undefined ? [] : [`http://127.0.0.1:${httpPort}/readyz`])];
  for (const url of urls) {
    while (!(await answers(url))) {
      if (!service.alive()) throw new Error(`${service.name} ended while it started:\n${tail(service.logFile)}`);
      if (Date.now() > deadline) throw new Error(`${service.name} did not listen within 120 s:\n${tail(service.logFile)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  } catch {
    return "(no log)";
  }
}
