import type pg from "pg";
import { databaseAway } from "../database/database-error.js";
import { identifier } from "../database/identifier.js";

/** The head row as a new leader finds it. */
export interface LogHead {
  readonly term: bigint;
  readonly position: bigint;
  readonly published: bigint;
  readonly lastHash: Buffer;
  /** Every event stored by a transaction below this one has its position. */
  readonly floor: bigint;
}

/** Leadership over one schema's log, for as long as its session lives. */
export interface LogLease {
  readonly client: pg.PoolClient;
  readonly head: LogHead;
  /** Aborted when the session, and with it the lock, is gone. */
  readonly lost: AbortSignal;
  release(): void;
}

interface HeadRow {
  readonly term: string;
  readonly position: string;
  readonly published: string;
  readonly last_hash: Buffer;
  readonly floor: string;
}

/**
 * Tries to become the leader of `schema`'s log. The lock keeps others from trying; the raised term makes what an earlier leader may
 * still write miss the head row.
 * @returns undefined while another session leads
 */
export async function acquireLogLease(pool: pg.Pool, schema: string): Promise<LogLease | undefined> {
  const s = identifier(schema);
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (cause) {
    throw databaseAway(cause);
  }
  const gone = new AbortController();
  const onGone = () => gone.abort();
  client.on("error", onGone).on("end", onGone);
  // The session is ended with the lease: a session that goes back to the pool would keep the lock.
  const release = () => {
    client.off("end", onGone);
    client.release(true);
  };
  try {
    const { rows } = await client.query("SELECT pg_try_advisory_lock(hashtext('interlock.log'), hashtext($1)) AS ok", [s]);
    if (rows[0]?.ok !== true) {
      release();
      return undefined;
    }
    // A leader whose machine has vanished must not keep the lock for the two hours that are TCP's default.
    await client.query("SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3");
    await client.query(`LISTEN ${appendedChannel(s)}`);
    return { client, head: await takeOver(client, s), lost: gone.signal, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Channel on which other processes tell the leader that they have appended. */
export const appendedChannel = (schema: string): string => `${identifier(schema)}_appended`;

async function takeOver(client: pg.PoolClient, s: string): Promise<LogHead> {
  await adoptRestored(client, s);
  const { rows } = await client.query<HeadRow>(
    `UPDATE ${s}.log_head SET term = term + 1 RETURNING term, position, published, last_hash, floor::text AS floor`,
  );
  const [row] = rows;
  if (row === undefined) throw new RangeError(`${s}.log_head has lost its row`);
  return {
    term: BigInt(row.term),
    position: BigInt(row.position),
    published: BigInt(row.published),
    lastHash: row.last_hash,
    floor: BigInt(row.floor),
  };
}

/** Transaction ids mean nothing in another cluster: rows that came from a dump are moved below every id of this one. */
async function adoptRestored(client: pg.PoolClient, s: string): Promise<void> {
  const { rows } = await client.query<{ cluster: string; here: string }>(
    `SELECT cluster, (SELECT system_identifier::text FROM pg_control_system()) AS here FROM ${s}.log_head`,
  );
  const [row] = rows;
  if (row === undefined || row.cluster === row.here) return;
  await client.query("BEGIN");
  if (row.cluster !== "") {
    await client.query(`UPDATE ${s}.event SET xid = '3'::xid8`);
    await client.query(`UPDATE ${s}.log_head SET floor = '0'::xid8`);
  }
  await client.query(`UPDATE ${s}.log_head SET cluster = $1`, [row.here]);
  await client.query("COMMIT");
}
