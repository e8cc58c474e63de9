// Symbolic proofs of the window arithmetic: halmos (PyPI, 0.3.3) over test/symbolic, in a small project of its own, because halmos builds
// whatever it finds and the module needs the IR pipeline. usage: node contracts/tools/prove.mjs (wants `halmos` on the PATH)
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contractsRoot } from "./compile.mjs";
import { forgeBinary } from "./forge.mjs";

const LIBRARIES = ["Budget", "NonceBitmap", "SessionWord"];

const project = mkdtempSync(join(tmpdir(), "interlock-proofs-"));
mkdirSync(join(project, "src", "lib"), { recursive: true });
for (const name of LIBRARIES) cpSync(join(contractsRoot, "src", "lib", `${name}.sol`), join(project, "src", "lib", `${name}.sol`));
cpSync(join(contractsRoot, "test", "symbolic"), join(project, "test", "symbolic"), { recursive: true });
const solc = join(contractsRoot, "tools", "solc-shim.mjs");
writeFileSync(join(project, "foundry.toml"), `[profile.default]\nsolc = "${solc}"\noffline = true\nevm_version = "cancun"\n`);

const PATH = `${dirname(process.execPath)}:${dirname(forgeBinary)}:${process.env.PATH ?? ""}`;
const bounds = ["--loop", "12", "--solver-timeout-assertion", "120000"];
const { status, error } = spawnSync("halmos", ["--root", project, "--contract", "WindowProofs", ...bounds], {
  stdio: "inherit",
  env: { ...process.env, PATH },
});
rmSync(project, { recursive: true });
if (error !== undefined) console.error(`cannot start halmos: ${error.message} (pip install halmos==0.3.3)`);
process.exitCode = status ?? 1;
