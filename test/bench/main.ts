import { runProgram } from "../support/run-program.js";

/** Suites by name; each is a program that takes `--json FILE`. */
const SUITES: Readonly<Record<string, { readonly about: string; readonly file: URL }>> = {
  eventing: { about: "event store, sequencer, hot streams, gRPC", file: new URL("./eventing/main.js", import.meta.url) },
  audit: { about: "verification, growth, sequencing and export of the audit log", file: new URL("./audit/main.js", import.meta.url) },
  vault: { about: "opening keys, Sign against an empty RPC, rewrap under load", file: new URL("./vault/main.js", import.meta.url) },
  pipeline: { about: "executions mined per second through the whole pipeline", file: new URL("./pipeline/main.js", import.meta.url) },
};

const [suite, ...args] = process.argv.slice(2);
const chosen = suite === undefined ? undefined : SUITES[suite];
if (chosen === undefined) {
  const lines = Object.entries(SUITES).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
  console.log(`usage: npm run bench -- SUITE [--json FILE]\n\n${lines.join("\n")}`);
  process.exit(suite === undefined || suite === "--help" ? 0 : 2);
}
process.exit(await runProgram(chosen.file, args));
