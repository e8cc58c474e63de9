import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Writes a generated file, or with `--check` among the arguments says whether it is up to date and sets the exit code. */
export function writeOrCheck(target: string, wanted: string): void {
  if (!process.argv.includes("--check")) {
    writeFileSync(target, wanted);
    process.stdout.write(`wrote ${target}\n`);
    return;
  }
  const same = existsSync(target) && readFileSync(target, "utf8") === wanted;
  process.stdout.write(same ? `${target} is up to date\n` : `${target} is out of date: run npm run generate\n`);
  if (!same) process.exitCode = 1;
}
