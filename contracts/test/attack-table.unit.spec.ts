import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const TABLE = new URL("../../docs/security/contracts-attacks.md", import.meta.url);

/** [attack, file, test] of every test the document's table names. */
function named(): [attack: string, file: string, test: string][] {
  const rows = readFileSync(TABLE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| attack |"));
  return rows.flatMap((row) => {
    const [, attack = "", tests = ""] = row.split("|").map((cell) => cell.trim());
    return tests.split("; ").flatMap((part) => {
      const file = part.slice(0, part.indexOf(" "));
      return [...part.matchAll(/`(\w+)`/g)].map(([, test = ""]): [string, string, string] => [attack, file, test]);
    });
  });
}

describe("the table of attacks", () => {
  it("has a row for each attack", () => {
    expect(new Set(named().map(([attack]) => attack)).size).toBeGreaterThanOrEqual(40);
  });

  it.each(named())("%s: %s has %s", (_, file, test) => {
    expect(readFileSync(new URL(`${file}.t.sol`, import.meta.url), "utf8")).toContain(`function ${test}(`);
  });
});
