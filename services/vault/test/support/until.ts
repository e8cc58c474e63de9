/** What `look` finds, as soon as it finds something; looks every 50 ms. */
export async function until<T>(look: () => Promise<T | undefined>, forMs = 60_000): Promise<T> {
  const end = performance.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`nothing was found within ${forMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
