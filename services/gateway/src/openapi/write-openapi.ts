import { readFileSync, writeFileSync } from "node:fs";
import { openApi } from "../transport/routes/route-table.js";

/** Writes the OpenAPI file to the path given; with --check only tells whether the file is up to date (exit 1 when not). */
const [path = "docs/api/openapi.json", mode] = process.argv
  .slice(2)
  .toSorted((a, b) => Number(a.startsWith("--")) - Number(b.startsWith("--")));
const text = `${JSON.stringify(openApi(), undefined, 2)}\n`;
if (mode === "--check") {
  const kept = readFileSync(path, "utf8");
  process.stdout.write(kept === text ? `${path}: up to date\n` : `${path}: differs from the routes; run npm run generate\n`);
  process.exitCode = kept === text ? 0 : 1;
} else {
  writeFileSync(path, text);
  process.stdout.write(`${path}: written\n`);
}
