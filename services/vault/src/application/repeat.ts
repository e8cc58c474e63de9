import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";

/** Runs `work` again and again, `everyMs` after it last ended, until the process stops. A failure is logged and tried again. */
export function repeat(runtime: ServiceRuntime, name: string, everyMs: number, work: () => Promise<unknown>): void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const round = async (): Promise<void> => {
    try {
      await work();
    } catch (err) {
      runtime.logger.warn({ err, work: name }, "will be tried again");
    }
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => void round(), everyMs).unref();
  };
  schedule();
  runtime.onStop(name, () => {
    stopped = true;
    clearTimeout(timer);
  });
}
