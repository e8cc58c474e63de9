import { writeFileSync } from "node:fs";

/** One row of the JSON that every measuring script writes. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly rounds?: number;
  readonly note?: string;
}

/** Prints the rows as they come and writes `{suite, rows}` at the end when asked for. */
export class Report {
  readonly #rows: BenchRow[] = [];

  constructor(
    private readonly suite: string,
    private readonly file: string | undefined,
  ) {}

  add(row: BenchRow): void {
    const rounded = { ...row, value: Math.round(row.value * 1_000) / 1_000 };
    this.#rows.push(rounded);
    const bar = row.bar === undefined ? "" : `  goal ${row.bar}`;
    console.log(
      `${row.name.padEnd(24)} ${String(rounded.value).padStart(12)} ${row.unit}${bar}${row.note === undefined ? "" : `  (${row.note})`}`,
    );
    if (this.file !== undefined) writeFileSync(this.file, `${JSON.stringify({ suite: this.suite, rows: this.#rows }, null, 2)}\n`);
  }
}
