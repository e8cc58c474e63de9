import { randomUUID } from "node:crypto";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import type { LoggedEvent, Projection } from "../../../services/platform/src/projection/projection.js";
import { ProjectionRunner } from "../../../services/platform/src/projection/projection-runner.js";
import { rebuild } from "../../../services/platform/src/projection/rebuild.js";
import { metadata } from "../../support/event-data.js";
import { rawArm, useEvent } from "./arms.js";
import { type Bed, CALLERS } from "./bed.js";
import { median, quantile } from "./measure.js";
import type { Report } from "./report.js";

/** Counts the uses of each stream: folds a batch in memory, then writes one row per stream. */
const uses: Projection = {
  name: "uses",
  tables: ["uses"],
  apply: async (tx, events, table) => {
    const counts = new Map<string, number>();
    for (const { stream } of events) counts.set(stream, (counts.get(stream) ?? 0) + 1);
    await tx.query(
      `INSERT INTO ${table("uses")} AS u SELECT * FROM unnest($1::text[], $2::integer[])
       ON CONFLICT (stream) DO UPDATE SET n = u.n + excluded.n`,
      [[...counts.keys()], [...counts.values()]],
    );
  },
};

export async function prepareProjection({ pool, on }: Bed): Promise<void> {
  await pool.query(`CREATE TABLE ${on.schema}.uses (stream text PRIMARY KEY, n integer NOT NULL)`);
}

/**
 * Rebuilds over everything the run has stored, in turns with raw inserts on the same server; each ratio is of one round.
 * A rebuild's time is all of it: empty tables, every event applied in batches of 2,000, two digests, and the swap.
 */
export async function measureRebuild(bed: Bed, report: Report, rounds: number): Promise<void> {
  const [rates, ratios]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const raw = await rawArm(bed, CALLERS, 2_000);
    const begin = performance.now();
    const { position } = await rebuild({ pool: bed.pool, schema: bed.on.schema, projection: uses });
    const rate = Number(position) / ((performance.now() - begin) / 1_000);
    if (round < 0) continue; // The first round warms caches and compilers up, as it does for the appends.
    rates.push(rate);
    ratios.push(rate / raw);
  }
  report.add({ name: "events_rebuilt", value: median(rates), unit: "1/s", rounds });
  report.add({ name: "rebuild", value: median(ratios), unit: "of raw x64", bar: 10, rounds });
}

/**
 * One caller appends one event at a time and waits until the projection shows it (a closed loop): the time from the append's return to the
 * projection's commit. Its 99th percentile over 400 events is divided by the median append of the same round.
 */
export async function measureLag({ pool, on, store }: Bed, report: Report, rounds: number): Promise<void> {
  const visible = new Map<string, () => void>();
  let batch: string[] = [];
  const watched: Projection = {
    ...uses,
    apply: async (tx, events: readonly LoggedEvent[], table) => {
      batch = events.map(({ stream }) => stream);
      await uses.apply(tx, events, table);
    },
  };
  const onApplied = () => {
    for (const stream of batch) visible.get(stream)?.();
  };
  const runner = new ProjectionRunner({ pool, schema: on.schema, projection: watched, random: systemRandom, onApplied });
  while ((await runner.step()) > 0);
  const sequencer = on.sequencer();
  const unsubscribe = [store.onCommit(() => sequencer.wake()), sequencer.onSequenced(() => runner.wake())];
  sequencer.start();
  runner.start();
  const [lags, commits, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = -1; round < rounds; round++) {
    const seen = await lagRound(400, async () => {
      const stream = `lag-${randomUUID()}`;
      const shown = new Promise<number>((resolve) => visible.set(stream, () => resolve(performance.now())));
      const begin = performance.now();
      await store.append(stream, 0, [useEvent(0)], metadata());
      const committed = performance.now();
      return { commit: committed - begin, lag: (await shown) - committed };
    });
    if (round < 0) continue;
    lags.push(quantile(seen.lags, 0.99));
    commits.push(median(seen.commits));
    ratios.push(quantile(seen.lags, 0.99) / median(seen.commits));
  }
  for (const stop of unsubscribe) stop();
  await runner.stop();
  await sequencer.stop();
  report.add({ name: "projection_lag_p99", value: median(lags), unit: "ms", rounds });
  report.add({ name: "commit_median", value: median(commits), unit: "ms", rounds });
  report.add({ name: "projection_lag_ratio", value: median(ratios), unit: "of median commit", bar: 10, rounds, note: "lower is better" });
}

async function lagRound(count: number, once: () => Promise<{ commit: number; lag: number }>) {
  const [lags, commits]: [number[], number[]] = [[], []];
  for (let n = 0; n < count; n++) {
    const { commit, lag } = await once();
    lags.push(lag);
    commits.push(commit);
  }
  return { lags, commits };
}
