import { createHash } from "node:crypto";
import type pg from "pg";
import { type CloudEvent, parseCloudEvent } from "#platform/event-log/cloud-event-record.js";
import type { EventLog, ReceivedRecord } from "#platform/event-log/event-log.js";

const TOPIC = "session.lifecycle.v1";
const SOURCE = "urn:interlock:vault";
const CHUNK = 500;
/**
 * A restored vault may publish a few events of its own before it looks: so many in a row must be known until the log counts as known
 * from there on backwards.
 */
const KNOWN_IN_A_ROW = 1_000;

/**
 * What a vault tells of itself, and of requests it refused. Nothing it may sign depends on them: a database without them is not too old,
 * and a start on an older one, which is on the log for good, does not keep the newest from being used again.
 */
const BIND_NOTHING: ReadonlySet<string> = new Set([
  "producer.started.v1",
  "producer.failover.v1",
  "producer.spool_gap.v1",
  "key.refused.v1",
]);

/**
 * Events that this vault published once, that bind what it may sign, and that its database does not have: it was restored from a backup, its event stream included. Looks at
 * the end of the log, backwards until what it finds is known.
 */
export async function findLostEvents(log: EventLog, pool: pg.Pool): Promise<readonly CloudEvent[]> {
  const lost: CloudEvent[] = [];
  for (const [partition, end] of (await log.ends(TOPIC)).entries()) lost.push(...(await lostOf(log, pool, partition, end)));
  return lost;
}

async function lostOf(log: EventLog, pool: pg.Pool, partition: number, end: bigint): Promise<readonly CloudEvent[]> {
  const lost: CloudEvent[] = [];
  let knownInARow = 0;
  for (let until = end; until > 0n && knownInARow < KNOWN_IN_A_ROW; ) {
    const fromOffset = until > BigInt(CHUNK) ? until - BigInt(CHUNK) : 0n;
    const records = await log.read({ topic: TOPIC, partition, fromOffset, limit: Number(until - fromOffset) });
    const own = records.map(ownEvent).filter((one) => one !== undefined);
    const known = await knownHashes(
      pool,
      own.map(({ event }) => event.sequence),
    );
    for (const { event, hash } of own.toReversed()) {
      if (known.get(event.sequence) === hash) {
        knownInARow += 1;
      } else if (!BIND_NOTHING.has(event.type)) {
        knownInARow = 0;
        lost.push(event);
      }
    }
    until = fromOffset;
  }
  return lost;
}

function ownEvent({ value }: ReceivedRecord): { readonly event: CloudEvent; readonly hash: string } | undefined {
  const event = parseCloudEvent(value);
  if (event?.source !== SOURCE) return undefined;
  return { event, hash: createHash("sha256").update(value).digest("hex") };
}

async function knownHashes(pool: pg.Pool, positions: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> {
  const { rows } = await pool.query<{ position: string; hash: string }>(
    "SELECT position, encode(sha256(bytes), 'hex') AS hash FROM vault.log_entry WHERE position = ANY ($1::bigint[])",
    [positions.map(String)],
  );
  return new Map(rows.map(({ position, hash }) => [BigInt(position), hash]));
}
