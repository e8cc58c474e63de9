/** What a part counted: calls over invariants, sequences, steps, and how often each action and each refusal was met. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Reads the counts out of what a part printed: forge's `calls: N` of each invariant, the counters of the invariants, and the oracle's
 * `N sequences, N steps` and `N differences`.
 */
export function figuresOf(output: string): Figures {
  const figures: Record<string, number> = {};
  const add = (name: string, count: string | undefined) => {
    figures[name] = (figures[name] ?? 0) + Number(count);
  };
  for (const [, calls] of output.matchAll(/\bcalls: (\d+)/g)) add("calls over invariants", calls);
  for (const [, counters = ""] of output.matchAll(/^invariants met: (.*)$/gm)) {
    for (const [, name = "", count] of counters.matchAll(/(\w+) (\d+)/g)) add(name, count);
  }
  for (const [, sequences, steps] of output.matchAll(/(\d+) sequences, (\d+) steps$/gm)) {
    add("sequences", sequences);
    add("steps", steps);
  }
  for (const [, differences] of output.matchAll(/^(\d+) differences/gm)) add("differences", differences);
  return figures;
}

/** The sums over all parts, name by name. */
export function sumOf(parts: readonly Figures[]): Figures {
  const sums: Record<string, number> = {};
  for (const part of parts) for (const [name, count] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
