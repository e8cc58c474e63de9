#!/usr/bin/env node
// A native-looking `solc` for forge: standard JSON on stdin, answer on stdout, compiled by npm's wasm build.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/** Pipes take 64 KiB at a time: a single write followed by exit would cut the answer. */
function writeAll(text) {
  const bytes = Buffer.from(text, "utf8");
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (cause) {
      if (cause.code !== "EAGAIN") throw cause;
    }
  }
}

/** forge leaves out what libraries outside the project root import relatively; read those here. */
function findImport(path) {
  try {
    return { contents: readFileSync(join(root, path), "utf8") };
  } catch (cause) {
    return { error: `cannot read ${path}: ${cause.message}` };
  }
}

/** forge asks at every start. The compiler takes a second to load, so its word is kept beside forge's own cache. */
function version() {
  const kept = join(root, "cache", `solc-${require("solc/package.json").version}`);
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  const said = require("solc").version();
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, said);
  return said;
}

/** forge asks for the same compilation again and again when it runs some of the tests only; INTERLOCK_SOLC_MEMO names a folder that keeps answers. */
function compile(input) {
  const folder = process.env.INTERLOCK_SOLC_MEMO;
  if (folder === undefined) return require("solc").compile(input, { import: findImport });
  const kept = join(root, folder, createHash("sha256").update(input).digest("hex"));
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  const answer = require("solc").compile(input, { import: findImport });
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, answer);
  renameSync(`${kept}.${process.pid}`, kept);
  return answer;
}

if (process.argv.includes("--version")) {
  writeAll(`solc, the solidity compiler commandline interface\nVersion: ${version()}\n`);
} else if (process.argv.includes("--standard-json")) {
  writeAll(compile(readFileSync(0, "utf8")));
} else {
  writeAll(`unsupported arguments: ${process.argv.slice(2).join(" ")}\n`);
  process.exitCode = 1;
}
