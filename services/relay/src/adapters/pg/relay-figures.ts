import type pg from "pg";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { Sender } from "./nonce-book.js";

/** What is under way, for metrics and alarms. */
export interface RelayFigures {
  /** Executions with something left to do, by status. */
  readonly open: readonly { readonly status: ExecutionStatus; readonly count: number; readonly oldestSeconds: number }[];
  /** Nonces that are leased and not final. */
  readonly inFlight: number;
  /** Nonces between the first that is not final and the ledger's next that no transaction of ours holds: all behind them wait. */
  readonly gaps: number;
  /** Transactions that took the place of another one among the nonces in flight. */
  readonly replaced: number;
}

interface NonceRow {
  readonly in_flight: number;
  readonly gaps: number;
  readonly replaced: number;
}

/** Reads the figures of one sender. Only what is not settled is read, by index: the cost does not grow with the history. */
export async function readRelayFigures(pool: pg.Pool, { chainId, address }: Sender): Promise<RelayFigures> {
  const open = await pool.query<RelayFigures["open"][number]>({ name: "relay_open_executions", text: OPEN });
  const nonces = await pool.query<NonceRow>({ name: "relay_nonce_figures", text: NONCES, values: [chainId.toString(), address] });
  const { in_flight: inFlight = 0, gaps = 0, replaced = 0 } = nonces.rows[0] ?? {};
  return { open: open.rows, inFlight, gaps, replaced };
}

const OPEN = `
  SELECT e.status, count(*)::integer AS count, max(extract(epoch FROM clock_timestamp() - e.created_at))::float8 AS "oldestSeconds"
  FROM (SELECT execution_id FROM relay.slot WHERE state <> 'final' AND execution_id IS NOT NULL
        UNION SELECT execution_id FROM relay.work) o JOIN relay.execution e USING (execution_id)
  GROUP BY e.status`;

const NONCES = `
  SELECT (SELECT count(*) FROM relay.slot s WHERE s.chain_id = $1 AND s.sender = $2 AND s.state <> 'final')::integer AS in_flight,
    (l.next - f.first - (SELECT count(*) FROM relay.slot s WHERE s.chain_id = $1 AND s.sender = $2 AND s.nonce >= f.first))::integer AS gaps,
    (SELECT count(*) FROM relay.attempt a JOIN relay.slot s USING (chain_id, sender, nonce)
     WHERE s.chain_id = $1 AND s.sender = $2 AND s.state <> 'final' AND a.hash <> s.current_hash)::integer AS replaced
  FROM relay.nonce_ledger l,
    LATERAL (SELECT coalesce(min(s.nonce), l.next) AS first FROM relay.slot s WHERE s.chain_id = $1 AND s.sender = $2 AND s.state <> 'final') f
  WHERE l.chain_id = $1 AND l.sender = $2`;
