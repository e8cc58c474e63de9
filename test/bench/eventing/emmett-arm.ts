import { fork } from "node:child_process";
import { once } from "node:events";
import type { EmmettOrder } from "./emmett-worker.js";

/** The opponent: expected-version appends through emmett with its default pool. */
export interface EmmettArm {
  rate(callers: number, ms: number): Promise<number>;
  stop(): Promise<void>;
}

/** @returns undefined when emmett cannot be loaded: then its row is missing, and everything else is measured */
export async function startEmmett(url: string): Promise<EmmettArm | undefined> {
  const child = fork(new URL("./emmett-worker.js", import.meta.url), [url]);
  const tell = (order: EmmettOrder) => child.send(order);
  const ready = await Promise.race([once(child, "message").then(() => true), once(child, "exit").then(() => false)]);
  if (!ready) return undefined;
  return {
    rate: async (callers, ms) => {
      const answer = once(child, "message");
      tell({ callers, ms });
      return Number((await answer)[0]);
    },
    stop: async () => {
      const ended = once(child, "exit");
      tell("end");
      await ended;
    },
  };
}
