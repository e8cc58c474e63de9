import pg from "pg";

export interface PoolOptions {
  /** `postgres://` URL; a secret. */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections; defaults to 10. */
  readonly max?: number;
  /** Longest run of one statement in milliseconds; defaults to 30,000. */
  readonly statementTimeoutMs?: number;
  /** Told when an idle connection is lost; the pool opens a new one by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * Has the server notice within about ten seconds that this side is gone without a word (a node lost, a network cut). Until then the session
 * keeps its locks, leadership among them, and nobody else can take over; the system's own keepalive takes two hours.
 */
const NOTICE_OUR_END = "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000";

/** Milliseconds of silence after which an idle connection is looked at; ten unanswered looks, a second apart, and it is lost. */
const KEEPALIVE_AFTER_MS = 4_000;
/** The server ends a statement that takes too long and says so; only a server that is gone without a word lets this much more pass. */
const BEYOND_THE_SERVER_MS = 5_000;

const losses = new WeakMap<pg.ClientBase, Error>();

/** How this connection was lost; undefined while it stands. */
export function lossOf(client: pg.ClientBase): Error | undefined {
  return losses.get(client);
}

/**
 * A pool that connects when it is first used, so that a service starts with its database away.
 * A transaction left open is ended by the server: it would hold the sequencer's horizon back.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + BEYOND_THE_SERVER_MS,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    options: NOTICE_OUR_END,
  });
  // Without a listener the loss of a connection ends the process: an idle one's, and one's that is lost in the very moment it is handed
  // out, before its new holder can listen.
  pool.on("connect", (client) => client.on("error", (error) => losses.set(client, error)));
  pool.on("error", (error) => options.onIdleError?.(error));
  return pool;
}
