import type pg from "pg";
import { identifier } from "../database/identifier.js";
import type { Sequencer } from "../event-store/sequencer.js";
import type { Metrics } from "../telemetry/metrics.js";

interface Figures {
  readonly depth: string;
  readonly age: number;
}

interface ProjectionFigures {
  readonly name: string;
  readonly lag: string;
  readonly age: number;
}

/**
 * Gauges of what waits between a service's store and its readers. They are read from the database with each scrape, not kept in memory: a
 * replica that does not lead tells the same as the one that does.
 * @returns reads them once; rejects while the database is away, and the gauges stay as they were
 */
export function producerMetrics(
  metrics: Metrics,
  pool: pg.Pool,
  schema: string,
  sequencer: Pick<Sequencer, "status">,
): () => Promise<void> {
  const s = identifier(schema);
  const leader = metrics.gauge({ name: "sequencer_leader", help: "1 while this process gives the positions" });
  const depth = metrics.gauge({ name: "outbox_depth", help: "Events that have a position and are not on the event log" });
  const age = metrics.gauge({ name: "outbox_age_seconds", help: "How long the oldest of them has waited" });
  const parked = metrics.gauge({ name: "parked_events", help: "Events a consumer could not handle", labelNames: ["consumer"] });
  const labels = ["projection"] as const;
  const behind = metrics.gauge({ name: "projection_lag_positions", help: "Positions not yet applied", labelNames: labels });
  const late = metrics.gauge({ name: "projection_lag_seconds", help: "Age of the oldest event not yet applied", labelNames: labels });
  return async () => {
    leader.set(sequencer.status.leading ? 1 : 0);
    const [outbox] = (await pool.query<Figures>(outboxText(s))).rows;
    depth.set(Number(outbox?.depth ?? 0));
    age.set(outbox?.age ?? 0);
    const lots = await pool.query<{ consumer: string; n: string }>(`SELECT consumer, count(*) AS n FROM ${s}.parked GROUP BY consumer`);
    parked.reset();
    for (const { consumer, n } of lots.rows) parked.set({ consumer }, Number(n));
    const projections = await pool.query<ProjectionFigures>(projectionText(s));
    for (const { name, lag, age: seconds } of projections.rows) {
      behind.set({ projection: name }, Number(lag));
      late.set({ projection: name }, seconds);
    }
  };
}

/** Age of the event at the position after `position`, 0 when there is none. */
const ageAfter = (s: string, position: string) => `coalesce((
  SELECT extract(epoch FROM clock_timestamp() - e.recorded_at)::float8
  FROM ${s}.log_entry l JOIN ${s}.event e ON e.stream = l.stream AND e.version = l.version
  WHERE l.position = ${position} + 1), 0) AS age`;

const outboxText = (s: string) => `SELECT h.position - h.published AS depth, ${ageAfter(s, "h.published")} FROM ${s}.log_head h`;

const projectionText = (s: string) =>
  `SELECT c.name, h.position - c.position AS lag, ${ageAfter(s, "c.position")} FROM ${s}.projection_checkpoint c, ${s}.log_head h`;
