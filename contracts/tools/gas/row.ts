/** One line of the gas table. `bar` is the most the value may be. */
export interface GasRow {
  readonly name: string;
  readonly value: number;
  readonly unit: "gas";
  readonly bar?: number;
  readonly note?: string;
}

/** A row; `bar` and `note` where there are some. */
export function row(name: string, value: number, more: { bar?: number; note?: string } = {}): GasRow {
  return { name, value, unit: "gas", ...more };
}

export function isAboveBar({ bar, value }: GasRow): boolean {
  return bar !== undefined && value > bar;
}
