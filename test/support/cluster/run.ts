import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs a program at the repository's root and gives what it printed. @throws Error with its output when it does not end with 0 */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { cwd: root, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const said =
      error instanceof Error && "stderr" in error
        ? `${String(error.stderr)}${"stdout" in error ? String(error.stdout) : ""}`
        : String(error);
    throw new Error(`${program} ${args.join(" ")}: ${said.trim().slice(-4_000)}`, { cause: error });
  }
}
