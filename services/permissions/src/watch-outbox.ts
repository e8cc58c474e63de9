import type pg from "pg";
import { identifier } from "#platform/database/identifier.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";

/**
 * Counts what waits for the event log, once a second while that is away.
 * @returns whether it is `cap` events or more, as of the last count
 */
export function watchOutbox(
  runtime: Pick<ServiceRuntime, "name" | "capabilities" | "logger" | "onStop">,
  pool: pg.Pool,
  cap: number,
): () => boolean {
  const text = `SELECT (position - published)::int8 AS depth FROM ${identifier(runtime.name)}.log_head`;
  let full = false;
  const loop = new BackgroundLoop({
    pauseMs: 1_000,
    turn: async () => {
      if (!runtime.capabilities.holds("KafkaDown")) {
        full = false;
        return false;
      }
      const { rows } = await pool.query<{ depth: string }>(text);
      const now = Number(rows[0]?.depth ?? 0) >= cap;
      if (now && !full)
        runtime.logger.error({ cap }, "ALARM: the outbox is full; USE, ARM and GENERATE are refused until the event log is back");
      full = now;
      return false;
    },
    // The database is away; that refuses by itself.
    onError: (err) => runtime.logger.debug({ err }, "the outbox cannot be counted"),
  });
  loop.start();
  runtime.onStop("outbox watch", () => loop.stop());
  return () => full;
}
