import { findInterlockError } from "#platform/errors/interlock-error.js";

const PAUSE_MS = 2_000;

/**
 * What `open` gives, tried again while the dependency it needs is away: a kubelet that starts a process again and again waits longer each
 * time, minutes in the end. Any other failure is thrown.
 */
export async function whileAway<T>(open: () => Promise<T>, report: (error: unknown) => void, pauseMs = PAUSE_MS): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (findInterlockError(error)?.code !== "DEPENDENCY_UNAVAILABLE") throw error;
      report(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
