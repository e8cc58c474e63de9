const COMMENT = ": heartbeat\n\n";
const SILENCE_MS = 15_000;

/** The frames of `source` with a comment after every 15 s of silence, so that proxies keep the connection and clients notice a dead one. */
export async function* withComments(source: AsyncGenerator<string>, signal: AbortSignal, everyMs = SILENCE_MS): AsyncGenerator<string> {
  let next = source.next();
  while (!signal.aborted) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), everyMs);
    });
    const frame = await Promise.race([next, silence]).finally(() => clearTimeout(timer));
    if (frame === undefined) yield COMMENT;
    else if (frame.done) return;
    else {
      yield frame.value;
      next = source.next();
    }
  }
}
