/** Reads how many tests passed, failed and were skipped out of what vitest prints at its end, without colours. */
export function testCounts(output: string): Readonly<Record<string, number>> {
  const line = /^\s*Tests\s+(.*)$/m.exec(output)?.[1] ?? "";
  return Object.fromEntries([...line.matchAll(/(\d+) (passed|failed|skipped)/g)].map(([, count, what = ""]) => [what, Number(count)]));
}
