import { writeFileSync } from "node:fs";

/** One figure; what each field means stands in docs/results.md. */
export interface ResultRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly rounds?: number;
  readonly note?: string;
}

/** The shape of every file written with `--json`. */
export interface ResultFile {
  readonly suite: string;
  readonly rows: readonly ResultRow[];
}

/** Writes the figures, readable by people and programs. */
export function writeResultFile(path: string, results: ResultFile): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
