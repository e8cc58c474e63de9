// Writes every generated file anew, or with --check says which have drifted from their source.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");
const node = process.execPath;
const bin = (name) => join(root, "node_modules", ".bin", name);
const flag = check ? ["--check"] : [];

const steps = [
  ["message types from proto/", [bin("buf"), "generate"], "proto"],
  ["everything compiled", [node, "node_modules/typescript-native/bin/tsc", "-p", "tsconfig.build.json"]],
  ["ABIs of the contracts", [node, "contracts/tools/build.mjs", ...flag]],
  ["docs/configuration.md and docs/errors.md", [node, "dist/services/platform/src/config/write-docs.js", ...flag]],
  ["event schemas, docs/events, docs/api/asyncapi.json", [node, "dist/services/platform/src/event-schema/write-event-docs.js", ...flag]],
  ["docs/api/openapi.json", [node, "dist/services/gateway/src/openapi/write-openapi.js", "docs/api/openapi.json", ...flag]],
  ["lifeline's page and offline kit", [node, "scripts/write-emergency-page.mjs", ...flag]],
  ["docs/deploy/values.md and docs/operations/degradation.md", [node, "scripts/write-chart-docs.mjs", ...flag]],
];

let failed = 0;
for (const [name, [program, ...args], folder] of steps) {
  const { status } = spawnSync(program, args, {
    cwd: join(root, folder ?? "."),
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` },
  });
  if (status === 0) continue;
  console.error(`FAILED ${name}`);
  failed += 1;
}
if (check && drifted("services/platform/gen")) {
  console.error("FAILED services/platform/gen differs from proto/: run npm run generate and commit");
  failed += 1;
}
process.exit(failed === 0 ? 0 : 1);

/** True when generating left changes that are not committed. */
function drifted(folder) {
  const { stdout } = spawnSync("git", ["status", "--porcelain", "--", folder], { cwd: root, encoding: "utf8" });
  return stdout.trim() !== "";
}
