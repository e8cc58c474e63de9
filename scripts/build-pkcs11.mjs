// Compiles the PKCS#11 binding for the pinned Node: install scripts are switched off here, and none is published compiled.
// Needs a C++ compiler; the headers come with the pinned Node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./lib/paths.mjs";
import { pinnedNode } from "./lib/pinned-node.mjs";

const folder = join(root, "node_modules", "pkcs11js");
const output = join(folder, "build", "Release", "pkcs11.node");
if (existsSync(output)) process.exit(0);
if (!existsSync(folder)) {
  console.error("pkcs11js is not installed on this platform");
  process.exit(1);
}
const headers = join(dirname(pinnedNode().folder), "include", "node");
mkdirSync(dirname(output), { recursive: true });
const sources = ["dl.cpp", "common.cpp", "main.cpp"].map((file) => join("src", file));
const defines = ["-DNAPI_DISABLE_CPP_EXCEPTIONS", "-DNODE_GYP_MODULE_NAME=pkcs11", "-DBUILDING_NODE_EXTENSION"];
const shared = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared", "-fPIC"];
const args = ["-O2", "-std=c++17", ...shared, "-I", headers, "-I", "includes", ...defines, ...sources, "-o", output];
const { status, error } = spawnSync(process.env.CXX ?? "c++", process.platform === "linux" ? [...args, "-ldl"] : args, {
  cwd: folder,
  stdio: "inherit",
});
if (error) console.error(`no C++ compiler: ${error.message}`);
process.exit(status ?? 1);
