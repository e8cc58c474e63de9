import type pg from "pg";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { NewEvent } from "#platform/event-store/types.js";
import { currentContext } from "#platform/grpc/request-context.js";
import type { KekLimitsRow, KekRepository } from "../adapters/postgres/kek-repository.js";

const STREAM = "kek";

/** Records what happened to the key ring, with the limits that hold from then on. Events of the cluster, not of an account. */
export async function appendKekEvent(
  tx: pg.PoolClient,
  store: EventStore,
  keks: KekRepository,
  event: NewEvent,
  change: (limits: KekLimitsRow) => KekLimitsRow = (limits) => limits,
): Promise<KekLimitsRow> {
  const before = await keks.lock(tx);
  const metadata = {
    correlationId: STREAM,
    actor: { type: "service", id: currentContext()?.caller ?? "vault" },
    subject: "cluster",
    partitionKey: "cluster",
  } as const;
  const { lastVersion } = await store.append(STREAM, before.streamVersion, [event], metadata, tx);
  const after = { ...change(before), streamVersion: lastVersion };
  await keks.save(tx, after);
  return after;
}
