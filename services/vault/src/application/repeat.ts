import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";

/**
 * Runs `work` again and again, `everyMs` after it last ended, or after the milliseconds it resolved to, until the process stops.
 * A failure is logged and tried again.
 */
export function repeat(runtime: ServiceRuntime, name: string, everyMs: number, work: () => Promise<number | undefined>): void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const round = async (): Promise<void> => {
    let wait = everyMs;
    try {
      wait = (await work()) ?? everyMs;
    } catch (err) {
      runtime.logger.warn({ err, work: name }, "will be tried again");
    }
    if (!stopped) schedule(wait);
  };
  const schedule = (wait: number): void => {
    timer = setTimeout(() => void round(), wait).unref();
  };
  schedule(everyMs);
  runtime.onStop(name, () => {
    stopped = true;
    clearTimeout(timer);
  });
}
