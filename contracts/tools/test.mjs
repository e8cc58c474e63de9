// Runs the Foundry suite with npm's forge; arguments go on to `forge test`. Exits as forge does.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { contractsRoot } from "./compile.mjs";

const require = createRequire(import.meta.url);
const arch = process.arch === "x64" ? "amd64" : process.arch;
const platform = process.platform === "win32" ? "win32" : process.platform;
const forge = join(dirname(require.resolve(`@foundry-rs/forge-${platform}-${arch}/package.json`)), "bin", "forge");

// The solc shim is a Node script: it must find this very Node, also where no node is on the PATH.
const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
const { status, error } = spawnSync(forge, ["test", ...process.argv.slice(2)], {
  cwd: contractsRoot,
  env: { ...process.env, PATH },
  stdio: ["ignore", "inherit", "inherit"],
});
if (error !== undefined) process.stderr.write(`cannot start forge: ${error.message}\n`);
process.exitCode = status ?? 1;
