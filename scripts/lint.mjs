// Everything a reviewer should not have to look for: types, style, protos, generated files that drifted.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);
const node = process.execPath;

const checks = [
  ["types", [node, "node_modules/typescript-native/bin/tsc", "--noEmit", "-p", "tsconfig.json"]],
  ["types of the emergency page", [node, "node_modules/typescript-native/bin/tsc", "-p", "clients/emergency-kit/tsconfig.json"]],
  ["style", [bin("biome"), "check", "--error-on-warnings"]],
  ["protos", [bin("buf"), "lint"], "proto"],
  // The baseline is the schema of the last release (`buf build -o baseline.binpb`): what consumers have stored stays readable.
  ["protos against the last release", [bin("buf"), "breaking", "--against", "baseline.binpb"], "proto"],
  ["API description", [bin("redocly"), "lint", "interlock"]],
  ["generated files", [node, "scripts/generate.mjs", "--check"]],
];

let failed = 0;
for (const [name, [program, ...args], folder] of checks) {
  const { status } = spawnSync(program, args, { cwd: join(root, folder ?? "."), stdio: "inherit" });
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name}`);
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
