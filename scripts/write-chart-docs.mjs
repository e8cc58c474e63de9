// Writes the documents drawn from the chart and the ladder, or with --check says which differ.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartDocs } from "./lib/chart-docs.mjs";
import { root } from "./lib/paths.mjs";

let differs = false;
for (const [path, text] of Object.entries(chartDocs())) {
  const file = join(root, path);
  const same = existsSync(file) && readFileSync(file, "utf8") === text;
  if (!process.argv.includes("--check") && !same) writeFileSync(file, text);
  differs ||= !same && process.argv.includes("--check");
  console.log(`${path} ${same ? "is up to date" : process.argv.includes("--check") ? "differs; run npm run generate" : "written"}`);
}
process.exit(differs ? 1 : 0);
