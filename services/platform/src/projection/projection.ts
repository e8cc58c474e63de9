import type pg from "pg";
import type { StoredEvent } from "../event-store/types.js";

/** An event with its place on the service's own log. */
export interface LoggedEvent extends StoredEvent {
  readonly position: bigint;
}

/** A view that is computed from the log and can be computed anew. */
export interface Projection {
  /** Name of its checkpoint. */
  readonly name: string;
  /** Its tables, without schema; made by a migration. */
  readonly tables: readonly string[];
  /**
   * Applies events in order inside `tx`; only through `tx`, or the effect would not be exactly once.
   * @param table the full name of one of `tables`: during a rebuild it is another table
   */
  apply(tx: pg.PoolClient, events: readonly LoggedEvent[], table: (name: string) => string): Promise<void>;
}
