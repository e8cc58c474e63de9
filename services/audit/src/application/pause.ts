/** Waits for `milliseconds`, or until `over`. */
export function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    over.addEventListener("abort", done, { once: true });
    if (over.aborted) done();
  });
}
