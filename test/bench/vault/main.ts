import "reflect-metadata";
import { parseArgs } from "node:util";
import { type ResultRow, writeResultFile } from "../../../deploy/local/results/result-file.js";
import { stopOnSignals } from "../../../deploy/local/stopped-on-signal.js";
import { signingRows } from "./signing-rows.js";

stopOnSignals();

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string" },
    slices: { type: "string", default: "12" },
    calls: { type: "string", default: "3000" },
  },
});
const wanted = (part: string) => values.only === undefined || values.only.split(",").includes(part);
const rows: ResultRow[] = [];
if (wanted("signing")) rows.push(...(await signingRows(Number(values.slices))));
if (wanted("rpc") || wanted("rewrap")) {
  const { vaultProcess } = await import("./vault-process.js");
  const vault = await vaultProcess();
  try {
    if (wanted("rpc")) rows.push(...(await (await import("./rpc-rows.js")).rpcRows(vault, Number(values.calls))));
    if (wanted("rewrap")) rows.push(...(await (await import("./rewrap-rows.js")).rewrapRows(vault)));
  } finally {
    await vault.stop();
  }
}
for (const { name, value, unit, bar, note } of rows) {
  console.log(
    `${name.padEnd(28)} ${value.toFixed(2)} ${unit}${bar === undefined ? "" : `  bar ${bar}`}${note === undefined ? "" : `  (${note})`}`,
  );
}
if (values.json !== undefined) writeResultFile(values.json, { suite: "vault", rows });
