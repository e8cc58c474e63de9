const tsc = (node) => [node.path, "node_modules/typescript-native/bin/tsc"];
const build = (node) => [...tsc(node), "-p", "tsconfig.build.json"];
const script = (file) => (node, args) => [node.path, file, ...args];

/** Every npm script: what it is for, and the programs it runs one after the other. */
export const commands = {
  demo: {
    about: "one session's whole life on a private stack  [--log postgres|kafka] [--json FILE]",
    steps: [build, script("dist/deploy/local/demo/main.js")],
  },
  up: { about: "the same stack, kept running until Ctrl-C      [--log postgres|kafka]", steps: [build, script("dist/deploy/local/up.js")] },
  test: {
    about: "all test suites, or one: unit integration contract contracts e2e chaos charts cluster",
    steps: [build, script("scripts/test.mjs")],
  },
  bench: { about: "benchmarks: eventing, pipeline              [suite] [--json FILE]", steps: [build, script("dist/test/bench/main.js")] },
  gas: { about: "gas table of the contracts                  [--json FILE]", steps: [build, script("dist/contracts/tools/gas.js")] },
  campaign: { about: "long campaigns: NAME [--seed N] [--dose ci] [--ledger FILE]", steps: [build, script("dist/test/campaign/main.js")] },
  "mutate:contracts": {
    about: "mutants of the contracts                    [--dose ci] [--seed N] [--only PATH] [--ledger FILE]",
    steps: [build, script("contracts/tools/mutate/main.mjs")],
  },
  lint: { about: "types, style, protos, API, generated files", steps: [script("scripts/lint.mjs")] },
  build: { about: "compiles everything to dist/", steps: [build] },
  generate: { about: "writes every generated file anew", steps: [script("scripts/generate.mjs")] },
};

/** What to type, one line per command. */
export function usage() {
  const lines = Object.entries(commands).map(([name, { about }]) => `  npm run ${name.padEnd(10)} ${about}`);
  return [
    "Interlock: a control plane for session keys",
    "",
    ...lines,
    "",
    "Options go after `--`, as in: npm run demo -- --json demo.json",
  ].join("\n");
}
