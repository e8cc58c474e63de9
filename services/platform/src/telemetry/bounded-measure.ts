/** Prometheus gives a scrape ten seconds; what is away must not cost the figures that are there. */
const LONGEST_MS = 2_000;

/**
 * `measure` for a scrape: one at a time for all scrapes that come together, never longer than `longestMs` and never a failure. Gauges that
 * could not be measured keep their last values.
 * @param failed told of each failure, and of each measuring that took too long
 */
export function boundedMeasure(
  measure: () => Promise<void>,
  failed: (error: unknown) => void,
  longestMs = LONGEST_MS,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const begin = () =>
    measure()
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  return async () => {
    running ??= begin();
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      failed(new Error(`the figures of a scrape took longer than ${longestMs} ms`));
      late.resolve();
    }, longestMs);
    await Promise.race([running, late.promise]);
    clearTimeout(timer);
  };
}
