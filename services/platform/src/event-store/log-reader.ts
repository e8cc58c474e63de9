import type pg from "pg";
import { withClient } from "../database/with-client.js";
import { InterlockError } from "../errors/interlock-error.js";
import { type LogStatements, logStatements } from "./log-statements.js";

/** One place of a service's own log. */
export interface LogEntry {
  readonly position: bigint;
  readonly stream: string;
  readonly version: number;
  readonly partitionKey: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The event exactly as it is published. */
  readonly bytes: Buffer;
}

interface EntryRow {
  readonly position: string;
  readonly stream: string;
  readonly version: number;
  readonly partition_key: string;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** Reads a service's own log by dense position. */
export class LogReader {
  readonly #statements: LogStatements;

  constructor(
    private readonly pool: pg.Pool,
    schema: string,
  ) {
    this.#statements = logStatements(schema);
  }

  /**
   * Up to `limit` entries after position `after`, in order.
   * @throws InterlockError POSITION_GAP when a position is missing: positions are dense, so something was removed
   */
  async read(after: bigint, limit: number): Promise<LogEntry[]> {
    const query = { ...this.#statements.entries, values: [after.toString(), limit] };
    const { rows } = await withClient(this.pool, (client) => client.query<EntryRow>(query));
    return rows.map((row, index) => {
      const position = BigInt(row.position);
      assertDense(after + BigInt(index + 1), position);
      const { stream, version, headers } = row;
      return { position, stream, version, partitionKey: row.partition_key, headers, bytes: Buffer.from(row.text) };
    });
  }
}

/** @throws InterlockError POSITION_GAP unless `seen` is the position that has to come */
export function assertDense(expected: bigint, seen: bigint): void {
  if (seen === expected) return;
  throw new InterlockError("POSITION_GAP", `the log should go on at ${expected} and goes on at ${seen}`, {
    details: { expected: expected.toString(), seen: seen.toString() },
  });
}
