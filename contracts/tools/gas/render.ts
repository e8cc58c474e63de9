import { contractSizes } from "../../generated/sizes.js";
import { type GasRow, isAboveBar } from "./row.js";

const EIP_170 = 24_576;

/** The committed table: a line per row, then the size of each contract. */
export function renderTable(rows: readonly GasRow[]): string {
  return [
    "# Gas",
    "",
    "Written by `npm run gas`; `npm run gas -- --check` compares. Receipt `gasUsed` of the whole outer transaction on a local chain",
    "with the genuine Safe 1.4.1: one target, one selector, fixed recipient that already holds tokens, 1,000 per 24 h, 10 calls per",
    "24 h, 30 days. `use_*` are steady uses unless they say first. What a bar means: contracts/README.md.",
    "",
    "| row | gas | at most | |",
    "|---|--:|--:|---|",
    ...rows.map((row) => `| \`${row.name}\` | ${figure(row.value)} | ${row.bar === undefined ? "" : figure(row.bar)} | ${remark(row)} |`),
    "",
    "| contract | bytes | below 24,576 |",
    "|---|--:|--:|",
    ...Object.entries(contractSizes).map(
      ([name, bytes]) => `| \`${name}\` | ${figure(bytes)} | ${((1 - bytes / EIP_170) * 100).toFixed(1)} % |`,
    ),
    "",
  ].join("\n");
}

function remark(row: GasRow): string {
  return [isAboveBar(row) ? "**above the bar**" : "", row.note ?? ""].filter((part) => part !== "").join(", ");
}

function figure(value: number): string {
  return value.toLocaleString("en-US");
}
