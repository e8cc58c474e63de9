/** Slices before the first that counts: a signer lives for weeks, and V8 compiles what runs often only after some thousand calls. */
const WARM_UP = 20;

/** CPU microseconds of one call of each arm: the least of `slices` interleaved slices, so that a busy machine counts for nothing. `prepare` runs before each round, unmeasured. */
export async function cpuPerCall<Name extends string>(
  arms: Readonly<Record<Name, () => Promise<unknown>>>,
  { slices, calls, prepare }: { readonly slices: number; readonly calls: number; prepare(): Promise<unknown> },
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(arms) as Name[];
  const least = new Map<Name, number>();
  for (let slice = -WARM_UP; slice < slices; slice += 1) {
    await prepare();
    for (const name of names) {
      const begin = process.cpuUsage();
      for (let i = 0; i < calls; i += 1) await arms[name]();
      const { user, system } = process.cpuUsage(begin);
      if (slice >= 0) least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / calls));
    }
  }
  return Object.fromEntries(least) as Record<Name, number>;
}
