import { type ResultRow, writeResultFile } from "../../../deploy/local/results/result-file.js";

/** Prints the rows as they come and keeps the file up to date when one is asked for. */
export class Report {
  readonly #rows: ResultRow[] = [];

  constructor(
    private readonly suite: string,
    private readonly file: string | undefined,
  ) {}

  add(row: ResultRow): void {
    const rounded = { ...row, value: Math.round(row.value * 1_000) / 1_000 };
    this.#rows.push(rounded);
    const bar = row.bar === undefined ? "" : `  goal ${row.bar}`;
    console.log(
      `${row.name.padEnd(24)} ${String(rounded.value).padStart(12)} ${row.unit}${bar}${row.note === undefined ? "" : `  (${row.note})`}`,
    );
    if (this.file !== undefined) writeResultFile(this.file, { suite: this.suite, rows: this.#rows });
  }
}
