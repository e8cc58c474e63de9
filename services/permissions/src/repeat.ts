/** Work that runs again and again. */
export interface Repeated {
  /** Resolves once the round under way is over; no other begins. */
  stop(): Promise<void>;
}

/** Runs `work`, waits `pauseMs`, and so on; a failure is told to `failed` and does not end it. */
export function repeat(work: () => Promise<unknown>, pauseMs: number, failed: (error: unknown) => void): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    await work().catch(failed);
    if (!stopped) timer = setTimeout(() => (running = round()), pauseMs).unref();
  };
  let running = round();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
