import type { Border } from "./border.js";
import type { ServiceRuntime } from "./service-runtime.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/** Subscribes to the event log in the background, again and again until it works: a log that is away never holds up the start. */
export function consumeEvents(
  border: Pick<Border, "startConsuming">,
  runtime: Pick<ServiceRuntime, "logger" | "random">,
): { cancel(): void } {
  let cancelled = false;
  let timer: NodeJS.Timeout | undefined;
  const attempt = (wait: number): void => {
    border.startConsuming().catch((err: unknown) => {
      if (cancelled) return;
      runtime.logger.warn({ err }, "cannot subscribe to the event log yet");
      timer = setTimeout(() => attempt(Math.min(LONGEST_RETRY_MS, wait * 2)), wait * (0.5 + runtime.random.fraction() / 2)).unref();
    });
  };
  attempt(FIRST_RETRY_MS);
  return {
    cancel() {
      cancelled = true;
      clearTimeout(timer);
    },
  };
}
