import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { bareCommand } from "./bare-command.js";

/** Runs a line of JavaScript the way signer-core is run. */
function run(script: string, ...more: string[]): string {
  const { program, args } = bareCommand(process.execPath, ["-e", script, ...more]);
  return execFileSync(program, args, { env: {}, encoding: "utf8" });
}

describe("the process that holds keys", () => {
  it("has an empty environment, also none of what the shell before it set", () => {
    expect(JSON.parse(run("process.stdout.write(JSON.stringify(process.env))"))).toEqual({});
  });

  it("writes no core dump, and cannot raise the limit again", () => {
    const script = `process.stdout.write(require("node:child_process").execFileSync("/bin/sh", ["-c", "ulimit -S -c; ulimit -H -c"]))`;
    expect(run(script)).toBe("0\n0\n");
  });

  it("gets its arguments as they are, blanks and dollar signs included", () => {
    const odd = ["a b", "$HOME", "'\"`;"];
    expect(JSON.parse(run("process.stdout.write(JSON.stringify(process.argv.slice(1)))", ...odd))).toEqual(odd);
  });
});
