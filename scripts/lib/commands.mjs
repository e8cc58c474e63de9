const tsc = (node) => [node.path, "node_modules/typescript-native/bin/tsc"];
const build = (node) => [...tsc(node), "-p", "tsconfig.build.json"];
const script = (file) => (node, args) => [node.path, file, ...args];

const LOG = "--log postgres|kafka   where events are kept; kafka starts a real broker (Docker, or Maven and a JRE)";
const JSON_FILE = "--json FILE            writes the rows as docs/results.md describes";

/**
 * Every npm script: what it is for, its options, and the programs it runs one after the other. `--help` prints the options without installing
 * anything; a command without options here has more to say than stands here, and answers itself.
 */
export const commands = {
  demo: {
    about: "one session's whole life on a private stack; ends with 0 when every step held",
    options: [LOG, JSON_FILE, "--keep-logs FOLDER     copies the services' logs there at the end"],
    steps: [build, script("dist/deploy/local/demo/main.js")],
  },
  up: { about: "the same stack, kept running until Ctrl-C", options: [LOG], steps: [build, script("dist/deploy/local/up.js")] },
  test: {
    about: "all test suites, or those named",
    options: [
      "unit contracts integration contract e2e      together what `npm test` runs",
      "chaos charts cluster                         by name only; cluster needs KUBECONFIG",
      "PATH, -t NAME, ...                           goes on to vitest: npm run test:unit -- services/policy",
    ],
    steps: [build, script("scripts/test.mjs")],
  },
  bench: { about: "benchmarks: eventing, audit, vault, pipeline", steps: [build, script("dist/test/bench/main.js")] },
  gas: {
    about: "gas table of the contracts",
    options: [
      JSON_FILE,
      "--check                fails where contracts/GAS.md is not what was measured",
      "--enforce              fails where a bar is missed",
    ],
    steps: [build, script("dist/contracts/tools/gas.js")],
  },
  campaign: { about: "long campaigns by name; without a name it lists them", steps: [build, script("dist/test/campaign/main.js")] },
  "mutate:contracts": {
    about: "mutants of the contracts' enforcement code; fails when one survives",
    options: [
      "--dose ci              60 of them, drawn by the seed, instead of all",
      "--seed N               which ones; 1 when not given",
      "--only PATH            those of one contract",
      "--concurrency N        at once; 2 when not given",
      "--ledger FILE          goes on where an earlier run stopped",
    ],
    steps: [build, script("contracts/tools/mutate/main.mjs")],
  },
  lint: { about: "types, style, protos, API, generated files", options: [], steps: [script("scripts/lint.mjs")] },
  build: { about: "compiles everything to dist/", options: [], steps: [build] },
  generate: {
    about: "writes every generated file anew",
    options: ["--check                writes nothing, fails where one is not what it should be"],
    steps: [script("scripts/generate.mjs")],
  },
};

/** What to type, one line per command. */
export function usage() {
  const lines = Object.entries(commands).map(([name, { about }]) => `  npm run ${name.padEnd(17)} ${about}`);
  return [
    "Interlock: a control plane for session keys",
    "",
    ...lines,
    "",
    "Options go after `--`, as in: npm run demo -- --json demo.json. All of a command's: npm run demo -- --help",
  ].join("\n");
}

/** One command's options. */
export function usageOf(name) {
  const { about, options } = commands[name];
  return [`usage: npm run ${name}${options.length > 0 ? " -- [OPTIONS]" : ""}`, "", about, "", ...options.map((line) => `  ${line}`)]
    .join("\n")
    .trimEnd();
}
