import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { stopOnSignals } from "../../deploy/local/stopped-on-signal.js";
import { withChain } from "./gas/chain.js";
import { createFixture } from "./gas/fixture.js";
import { renderTable } from "./gas/render.js";
import { type GasRow, isAboveBar } from "./gas/row.js";
import { adapterRows } from "./gas/rows/adapters.js";
import { anchorRows } from "./gas/rows/anchor.js";
import { closeRows } from "./gas/rows/close.js";
import { protocolRows } from "./gas/rows/protocols.js";
import { revokeRows } from "./gas/rows/revoke.js";
import { otherRecipientRow, useRows } from "./gas/rows/use.js";

stopOnSignals();

/**
 * The gas table: receipt gasUsed of whole outer transactions on a fresh local chain with the genuine Safe 1.4.1.
 * Writes contracts/GAS.md; `--check` compares with it instead, `--json FILE` also writes {suite, rows}, and with `--enforce` a
 * row above its bar fails the command.
 */
const TABLE = "contracts/GAS.md";
const { values } = parseArgs({
  options: { json: { type: "string" }, enforce: { type: "boolean", default: false }, check: { type: "boolean", default: false } },
});

const rows = await withChain(async (client): Promise<readonly GasRow[]> => {
  const fixture = await createFixture(client);
  const use = await useRows(fixture);
  const other = await otherRecipientRow(fixture);
  const adapters = await adapterRows(fixture);
  const close = await closeRows(fixture);
  const revoke = await revokeRows(fixture);
  const protocols = await protocolRows(fixture);
  return [...use, other, ...adapters, ...revoke, ...close, ...protocols, ...(await anchorRows(fixture))];
});

const table = renderTable(rows);
process.stdout.write(table);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ suite: "gas", rows }, null, 2)}\n`);
if (!values.check) {
  writeFileSync(TABLE, table);
} else if (readFileSync(TABLE, "utf8") !== table) {
  process.stderr.write(`${TABLE} is out of date. Run: npm run gas\n`);
  process.exitCode = 1;
}
if (values.enforce && rows.some(isAboveBar)) process.exitCode = 1;
