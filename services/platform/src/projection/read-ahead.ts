/** Pages asked for at once: the server joins and prints a page on one core while another page is being applied. */
const AHEAD = 3;

/**
 * All pages of the log, oldest first, until there is nothing new. Later pages are read while the consumer works on one.
 * @param read up to `size` items after a position; positions are dense, so a page's place is known before the page before it
 * @throws what `read` throws, once the page is reached
 */
export async function* readAhead<T>(read: (after: bigint) => Promise<readonly T[]>, size: number): AsyncGenerator<readonly T[]> {
  let position = 0n;
  let asked = 0n;
  let queue: Promise<readonly T[]>[] = [];
  for (;;) {
    for (; queue.length < AHEAD; asked += BigInt(size)) {
      const page = read(asked);
      // Its failure is awaited in its turn, or never when the consumer stops before.
      page.catch(() => undefined);
      queue.push(page);
    }
    const page = (await queue.shift()) ?? [];
    if (page.length === 0) return;
    position += BigInt(page.length);
    if (page.length < size) {
      // The log ended here when it was read; what was asked for from beyond may have come since, and would leave a hole.
      queue = [];
      asked = position;
    }
    yield page;
  }
}
