/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of `values` lies, between neighbours by interpolation. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

/** How often per second `operation` is done by `callers` that each begin anew as soon as they are done, for `ms` milliseconds. */
export async function rateFor(ms: number, callers: number, operation: (caller: number, nth: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const call = async (caller: number) => {
    for (let nth = 0; performance.now() - begin < ms; nth++) {
      await operation(caller, nth);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return done / ((performance.now() - begin) / 1_000);
}

/** How many per second when `count` operations are shared by `callers`. */
export async function rateOf(
  count: number,
  callers: number,
  operation: (caller: number, nth: number) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now();
  const each = Math.floor(count / callers);
  const call = async (caller: number) => {
    for (let nth = 0; nth < each; nth++) await operation(caller, nth);
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return (each * callers) / ((performance.now() - begin) / 1_000);
}
