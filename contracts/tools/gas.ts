import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { withChain } from "./gas/chain.js";
import { createFixture } from "./gas/fixture.js";
import { type GasRow, protocolRows, revokeRows, useRows, vaultRows } from "./gas/rows.js";

/**
 * The gas table: receipt gasUsed of whole outer transactions on a fresh local chain with the genuine Safe 1.4.1.
 * `--json FILE` also writes {suite, rows}. Rows above their bar are marked; with `--enforce` they fail the command.
 */
const { values } = parseArgs({ options: { json: { type: "string" }, enforce: { type: "boolean", default: false } } });

const rows = await withChain(async (client) => {
  const fixture = await createFixture(client);
  const use = await useRows(fixture);
  const vault = await vaultRows(fixture);
  const revoke = await revokeRows(fixture);
  return [...use, ...vault, ...revoke, ...(await protocolRows(fixture))];
});

print(rows);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ suite: "gas", rows }, null, 2)}\n`);
process.exitCode = values.enforce && rows.some(isAboveBar) ? 1 : 0;

function print(table: readonly GasRow[]): void {
  const line = (name: string, value: string, bar: string, note: string) =>
    process.stdout.write(`${name.padEnd(24)}${value.padStart(9)}${bar.padStart(10)}  ${note}\n`);
  line("row", "gas", "at most", "");
  for (const row of table) {
    const verdict = isAboveBar(row) ? "ABOVE THE BAR " : "";
    line(row.name, row.value.toLocaleString("en-US"), row.bar?.toLocaleString("en-US") ?? "", `${verdict}${row.note ?? ""}`);
  }
}

function isAboveBar(row: GasRow): boolean {
  return row.bar !== undefined && row.value > row.bar;
}
