import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const NAMED = /^(error|event|struct|enum|constructor|contract|library|interface|abstract contract|modifier)\b/;
const STATE = /^(mapping\(.*\)|[\w.]+) public /;

/** Whether the declaration at `index` is seen from outside: functions by their header, everything else by its first word. */
function isPublic(lines: readonly string[], index: number): boolean {
  const text = lines[index]?.trim() ?? "";
  if (NAMED.test(text) || STATE.test(text)) return true;
  if (!text.startsWith("function ")) return false;
  const [header = ""] = lines
    .slice(index, index + 12)
    .join(" ")
    .split(/[{;]/);
  return /\b(external|public)\b/.test(header);
}

function undocumented(path: string): string[] {
  const lines = readFileSync(`${SOURCES}${path}`, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const before = lines[index - 1]?.trim() ?? "";
    return isPublic(lines, index) && !before.startsWith("///") ? [`${path}:${index + 1} ${line.trim()}`] : [];
  });
}

describe("the contracts' public face", () => {
  it("has NatSpec on everything that can be seen from outside", () => {
    expect(globSync("**/*.sol", { cwd: SOURCES }).flatMap(undocumented)).toEqual([]);
  });
});
