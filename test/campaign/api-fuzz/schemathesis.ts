import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startChild } from "../../../deploy/local/child.js";

const VERSION = "4.32.5";

/**
 * The program, installed into a virtual environment of its own below `.local/` when it is not there yet.
 * @throws Error saying what to install when there is no Python, or PyPI cannot be reached
 */
export function installSchemathesis(root: string): string {
  const folder = join(root, ".local", `schemathesis-${VERSION}`);
  const program = join(folder, "bin", "schemathesis");
  if (existsSync(program)) return program;
  console.log(`schemathesis ${VERSION} is installed into ${folder}`);
  run("python3", ["-m", "venv", folder], "Python 3.10 or later is needed; on Debian: apt-get install python3-venv");
  run(join(folder, "bin", "pip"), ["install", "--quiet", `schemathesis==${VERSION}`], "PyPI cannot be reached");
  return program;
}

function run(command: string, args: readonly string[], advice: string): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed. ${advice}`, { cause: error });
}

export interface FuzzRun {
  readonly program: string;
  /** Where the API is; its description is asked for there too. */
  readonly url: string;
  readonly seed: number;
  /** Most cases of one operation. */
  readonly cases: number;
}

/** Fuzzes every operation of the description once through. Resolves with its exit code: 0 when it found no answer of 5xx. */
export function runSchemathesis({ program, url, seed, cases }: FuzzRun): Promise<number> {
  const args = [
    ...["run", `${url}/openapi.json`, "--url", url, "--seed", String(seed), "--max-examples", String(cases)],
    ...["--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--workers", "2", "--mode", "all", "--continue-on-failure"],
    ...["--generation-database", "none", "--suppress-health-check", "all", "--request-timeout", "30", "--warnings", "off", "--no-color"],
  ];
  const child = startChild(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}
