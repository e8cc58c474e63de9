import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { startChild } from "../../deploy/local/child.js";
import type { ConsumerOrder } from "./event-log-consumer.js";

/** Starts a compiled script of test/support in a process of its own; its standard output can be read. */
export function startWorker(name: string, env: Readonly<Record<string, string>>): ChildProcess {
  const script = resolve("dist", "test", "support", `${name}.js`);
  if (!existsSync(script)) throw new Error(`${script} is missing: run npm run build first`);
  return startChild(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
}

/** Starts a consumer that hangs in its handler. */
export async function startConsumer(order: ConsumerOrder) {
  const child = startWorker("event-log-consumer", { EVENT_LOG_CONSUMER: JSON.stringify(order) });
  const ended = once(child, "exit");
  return {
    /** Resolves once it has taken a record. */
    handling: child.stdout === null ? Promise.resolve() : once(child.stdout, "data"),
    /** As `kill -9`; resolves once it is gone. */
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
