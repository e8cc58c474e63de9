/** What a stream sends while there is nothing to say, so that proxies keep the connection and clients notice a dead one. */
export const HEARTBEAT = ": heartbeat\n\n";
export const HEARTBEAT_MS = 15_000;

/** The frames of `source`, with a heartbeat after every `everyMs` of silence. Ends with the source or when `signal` ends. */
export async function* withHeartbeat(source: AsyncIterable<string>, signal: AbortSignal, everyMs = HEARTBEAT_MS): AsyncGenerator<string> {
  const frames = source[Symbol.asyncIterator]();
  const ended = new Promise<"ended">((resolve) => signal.addEventListener("abort", () => resolve("ended"), { once: true }));
  let next = frames.next();
  // The loop below always awaits it; this keeps an early failure from counting as unhandled meanwhile.
  next.catch(() => undefined);
  try {
    while (!signal.aborted) {
      const beat = silence(everyMs);
      const first = await Promise.race([next, beat.over, ended]).finally(beat.cancel);
      if (first === "ended") return;
      if (first === "silent") yield HEARTBEAT;
      else if (first.done) return;
      else {
        yield first.value;
        next = frames.next();
        next.catch(() => undefined);
      }
    }
  } finally {
    // Not awaited: a source that waits for its next message returns only once it has one.
    frames.return?.()?.catch(() => undefined);
  }
}

function silence(ms: number): { readonly over: Promise<"silent">; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<"silent">((resolve) => {
    timer = setTimeout(() => resolve("silent"), ms);
  });
  return { over, cancel: () => clearTimeout(timer) };
}
