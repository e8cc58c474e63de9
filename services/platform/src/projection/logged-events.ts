import type pg from "pg";
import { identifier } from "../database/identifier.js";
import { assertDense } from "../event-store/log-reader.js";
import type { UpcasterRegistry } from "../event-store/upcaster.js";
import { LazyEvent, type LoggedRow, plainEvent } from "./logged-row.js";
import type { LoggedEvent } from "./projection.js";

/** Leaves every column as text: parsing what nobody reads is half of a rebuild's own work. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** Reads a service's own log as events, oldest first. */
export class LoggedEvents {
  readonly #statement: { readonly name: string; readonly text: string };

  constructor(
    schema: string,
    private readonly upcasters?: UpcasterRegistry,
  ) {
    const s = identifier(schema);
    this.#statement = {
      name: `${s}_logged_events`,
      text: `SELECT l.position, e.stream, e.version, e.id, e.type, e.data, e.metadata, e.recorded_at
        FROM ${s}.log_entry l JOIN ${s}.event e ON e.stream = l.stream AND e.version = l.version
        WHERE l.position > $1 ORDER BY l.position LIMIT $2`,
    };
  }

  /** @throws InterlockError POSITION_GAP when a position is missing: a projection that went on would be wrong for ever */
  async read(client: pg.Pool | pg.PoolClient, after: bigint, limit: number): Promise<LoggedEvent[]> {
    const values = [after.toString(), limit];
    const { rows } = await client.query<LoggedRow>({ ...this.#statement, values, types: AS_TEXT });
    return rows.map((row, index) => {
      const position = BigInt(row.position);
      assertDense(after + BigInt(index + 1), position);
      const event = new LazyEvent(row, position);
      return this.upcasters === undefined ? event : this.upcasters.upcast(plainEvent(event));
    });
  }
}
