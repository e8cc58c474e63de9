import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the range from which systems take ports for outgoing connections (Linux from 32768, others from 49152): a port from there may be
 * somebody's by the time its service starts.
 */
const FIRST = 15_000;
const END = 32_000;
const TRIES = 100;

const handedOut = new Set<number>();

/** A TCP port on loopback that was free a moment ago and that this process has not given to anybody else. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, END);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free TCP port found on loopback between ${FIRST} and ${END}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
