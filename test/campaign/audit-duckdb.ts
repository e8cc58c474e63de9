import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// An auditor's question answered by DuckDB from the Parquet file, and every raw column held against its leaf. DuckDB comes from PyPI.
const GOLDEN = resolve("test/golden/events");
const DUCKDB = "duckdb==2.0.0";
const folder = mkdtempSync(join(tmpdir(), "interlock-duckdb-"));
const python = join(folder, "venv", "bin", "python");

/** Copies of the golden events over the months of a year, for two accounts. */
function lines(): string[] {
  const files = readdirSync(GOLDEN).sort();
  return files.flatMap((file) =>
    Array.from({ length: 24 }, (_, i) => {
      const text = readFileSync(join(GOLDEN, file), "utf8");
      const month = String((i % 12) + 1).padStart(2, "0");
      return text
        .replace(/"time":"[^"]*"/, `"time":"2026-${month}-15T12:00:00.000Z"`)
        .replace(/"partitionkey":"[^"]*"/, `"partitionkey":"31337:0x${(i < 12 ? "aa" : "bb").padEnd(40, "0")}"`);
    }),
  );
}

const QUESTION = `
import duckdb, json, sys
rows = duckdb.sql("""SELECT logindex, reason_codes FROM read_parquet('%s') WHERE type = 'session.use.denied.v1'
  AND account = '31337:0xaa' || repeat('0', 38) AND month(time AT TIME ZONE 'UTC') = 3""" % sys.argv[1]).fetchall()
raws = duckdb.sql("SELECT raw FROM read_parquet('%s') ORDER BY logindex" % sys.argv[1]).fetchall()
print(json.dumps({"denials": rows, "raws": [r[0] for r in raws]}))
`;

let failed = 0;
const check = (name: string, holds: boolean) => {
  console.log(`${holds ? "ok    " : "FAILED"} ${name}`);
  if (!holds) failed += 1;
};
try {
  execFileSync("python3", ["-m", "venv", join(folder, "venv")]);
  execFileSync(python, ["-m", "pip", "install", "--quiet", DUCKDB], { stdio: "inherit" });
  const all = lines();
  writeFileSync(join(folder, "events.ndjson"), all.map((line) => `${line}\n`).join(""));
  const parquet = join(folder, "audit.parquet");
  execFileSync(python, [resolve("clients/reference-consumers/python/to_parquet.py"), join(folder, "events.ndjson"), parquet]);
  const answer: unknown = JSON.parse(execFileSync(python, ["-c", QUESTION, parquet], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }));
  const { denials, raws } = answer as { readonly denials: readonly [number, string[]][]; readonly raws: readonly string[] };
  check(
    "all denials for account X in March with their reasons",
    denials.length === 1 && denials[0]?.[1].includes("RECIPIENT_NOT_ALLOWED") === true,
  );
  const leaf = (text: string | undefined) =>
    createHash("sha256")
      .update(Buffer.of(0))
      .update(text ?? "")
      .digest("hex");
  check(
    `${all.length} raw columns give the leaves of the NDJSON`,
    raws.length === all.length && all.every((line, i) => leaf(line) === leaf(raws[i])),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${2 - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
