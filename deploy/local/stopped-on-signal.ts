const stops = new Set<() => Promise<void>>();
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Registers how to stop what was just started, for `stopOnSignals`; forgotten once it was stopped. */
export function stoppedOnSignal(stop: () => Promise<void>): () => Promise<void> {
  const registered = async () => {
    stops.delete(registered);
    await stop();
  };
  stops.add(registered);
  return registered;
}

/**
 * For programs that do not wait for signals (benchmarks, campaigns, tools): when one comes, what they started is stopped in the order of its
 * start, and they end with 128 + the signal's number. The demo and `up` stop on their own.
 */
export function stopOnSignals(): void {
  let ending = false;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      // What fails from here on fails because what it uses is being stopped.
      process.on("uncaughtException", () => {});
      stopAll().finally(() => process.exit(128 + number));
    });
  }
}

async function stopAll(): Promise<void> {
  for (const stop of stops) await stop().catch((error: unknown) => console.error("could not be stopped:", error));
}
