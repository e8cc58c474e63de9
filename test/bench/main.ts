import { runProgram } from "../support/run-program.js";

/** Suites by name; each is a program that takes `--json FILE` and the options named here, with the values it has without them. */
const SUITES: Readonly<Record<string, { readonly about: string; readonly options: string; readonly file: URL }>> = {
  eventing: {
    about: "event store, sequencer, hot streams, gRPC",
    options: "--parts appends,drain,rebuild,lag,grpc --rounds 5 --events 200000",
    file: new URL("./eventing/main.js", import.meta.url),
  },
  audit: {
    about: "verification, growth, sequencing and export of the audit log",
    options: "--parts verify,append,drain,export --rounds 5 --entries 1000000 --events 200000",
    file: new URL("./audit/main.js", import.meta.url),
  },
  vault: {
    about: "opening keys, Sign against an empty RPC, rewrap under load",
    options: "--only signing,rpc,rewrap --slices 12 --calls 3000",
    file: new URL("./vault/main.js", import.meta.url),
  },
  pipeline: {
    about: "executions mined per second through the whole pipeline",
    options: "--rounds 5 --seconds 12 --sessions 8 --in-flight 400 --bare-in-flight 2000 --ramp 4 --warm-up 5 --profile FOLDER",
    file: new URL("./pipeline/main.js", import.meta.url),
  },
};

const [suite, ...args] = process.argv.slice(2);
const chosen = suite === undefined ? undefined : SUITES[suite];
if (chosen === undefined) {
  const lines = Object.entries(SUITES).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
  console.log(
    `usage: npm run bench -- SUITE [--json FILE] [OPTIONS]\n\n${lines.join("\n")}\n\nOptions of one: npm run bench -- SUITE --help`,
  );
  process.exit(suite === undefined || suite === "--help" ? 0 : 2);
}
if (args.includes("--help")) {
  console.log(`usage: npm run bench -- ${suite} [--json FILE] [OPTIONS]\n\n${chosen.about}\n\n  ${chosen.options}`);
  process.exit(0);
}
process.exit(await runProgram(chosen.file, args));
