// npm's forge, started in contracts/ so that it finds this very Node for the solc shim.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { contractsRoot } from "./compile.mjs";

const require = createRequire(import.meta.url);
const arch = process.arch === "x64" ? "amd64" : process.arch;
const platform = process.platform === "win32" ? "win32" : process.platform;

/** Path of the forge binary of this platform. */
export const forgeBinary = join(dirname(require.resolve(`@foundry-rs/forge-${platform}-${arch}/package.json`)), "bin", "forge");

/**
 * Runs forge and waits.
 * @param environment added to this process's own
 * @param quiet takes the output instead of showing it
 */
export function forge(args, { environment = {}, quiet = false } = {}) {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  const taken = quiet ? "pipe" : "inherit";
  const { status, error, stdout, stderr } = spawnSync(forgeBinary, args, {
    cwd: contractsRoot,
    env: { ...process.env, PATH, ...environment },
    stdio: ["ignore", taken, taken],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) process.stderr.write(`cannot start forge: ${error.message}\n`);
  return { status: status ?? 1, stdout: stdout ?? "", stderr: stderr ?? "" };
}
