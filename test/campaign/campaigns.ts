export interface CampaignRun {
  readonly root: string;
  readonly seed: string;
  readonly dose: "ci" | "full";
  /** Parts to take, separated by commas, where a campaign has parts; all of them without it. */
  readonly only?: string | undefined;
  /** Where a campaign in slices keeps what held, so that the next run with this file goes on from there. */
  readonly ledger?: string | undefined;
}

/** A long test: what it does, what runs it, and how much of it a dose is (read from the environment by the test). */
export interface Campaign {
  readonly about: string;
  command(run: CampaignRun): readonly [string, ...string[]];
  environment(dose: "ci" | "full"): Readonly<Record<string, string>>;
}

const vitest = (project: string, file: string, named?: string) => (): readonly [string, ...string[]] => [
  process.execPath,
  "node_modules/vitest/vitest.mjs",
  "run",
  "--project",
  project,
  file,
  ...(named === undefined ? [] : ["-t", named]),
];

/** Every campaign by name. A full dose is what an issue asks for; CI takes a small one of each. */
export const CAMPAIGNS: Readonly<Record<string, Campaign>> = {
  "relay-faults": {
    about: "200 executions while the relay is killed every 2 s: 200 effects, no duplicate, no nonce gap",
    command: vitest("chaos", "test/chaos/relay-faults"),
    environment: (dose) => ({ RELAY_FAULT_EXECUTIONS: dose === "ci" ? "40" : "200" }),
  },
  "store-faults": {
    about: "kill -9 of writer and sequencer at each step of append, sequence, publish",
    command: vitest("chaos", "test/chaos/store-faults"),
    environment: (dose) => ({ STORE_FAULTS_ROUNDS: dose === "ci" ? "1" : "10" }),
  },
  "audit-crash": {
    about: "kill -9 of what writes the audit log, and of Postgres, at random moments; tree, checkpoints, topic and database agree",
    command: vitest("chaos", "test/chaos/audit-crash"),
    environment: (dose) => ({ AUDIT_CRASH_RUNS: dose === "ci" ? "6" : "200" }),
  },
  "audit-stream": {
    about: "10,000 events over Kafka while broker and producer are killed: gapless, in order, the same bytes every way out",
    command: vitest("chaos", "test/chaos/audit-stream"),
    environment: (dose) => ({ AUDIT_STREAM_EVENTS: dose === "ci" ? "1000" : "10000" }),
  },
  conditions: {
    about: "all 128 sets of conditions put into the running services: their answers are the ladder's table",
    command: vitest("chaos", "test/chaos/conditions"),
    environment: (dose) => ({ CONDITION_SETS: dose === "ci" ? "32" : "128" }),
  },
  "ladder-local": {
    about:
      "processes and dependencies of the local stack killed in random orders; after each kill the emergency close works and the cells hold",
    command: vitest("chaos", "test/chaos/ladder-local"),
    environment: (dose) => ({ LADDER_ORDERS: dose === "ci" ? "1" : "5" }),
  },
  "overload-local": {
    about: "six times the sustainable load on the gateway: lifeline serves, the same handler inside the gateway does not",
    command: vitest("chaos", "test/chaos/overload-local"),
    environment: (dose) => ({ OVERLOAD_CALLS: dose === "ci" ? "1000" : "10000" }),
  },
  "audit-duckdb": {
    about: "the log as Parquet, asked by DuckDB from PyPI (needs Python)",
    command: () => [process.execPath, "dist/test/campaign/audit-duckdb.js"],
    environment: () => ({}),
  },
  spool: {
    about: "1,000 DISARMs while Postgres is away, SIGKILL, a torn end, a full disk: each recorded once, in order (dose ci: 100)",
    command: vitest("chaos", "test/chaos/spool"),
    environment: (dose) => ({ SPOOL_STOPS: dose === "ci" ? "100" : "1000" }),
  },
  ladder: {
    about:
      "on a cluster: dependencies and signers killed, refused, blackholed in random orders, every cell of the ladder probed (dose ci: one order)",
    command: vitest("cluster", "test/cluster/installation", "serves exactly"),
    environment: (dose) => ({ INTERLOCK_CLUSTER_PARTS: "ladder", LADDER_ORDERS: dose === "ci" ? "1" : "5" }),
  },
  "cluster-life": {
    about: "on a cluster: an upgrade and a rollback under load, a start in the dark, a backup put back",
    command: vitest("cluster", "test/cluster/installation", "upgrades to other|starts tiers|backup"),
    environment: () => ({ INTERLOCK_CLUSTER_PARTS: "upgrade,dark,backup" }),
  },
  eviction: {
    about:
      "on a cluster whose kubelet keeps 3 GiB or more free (evictionHard): real evictions in the order of the tiers, lifeline never (dose ci: one round)",
    command: vitest("cluster", "test/cluster/installation", "evicted by the kubelet"),
    environment: (dose) => ({ INTERLOCK_CLUSTER_PARTS: "eviction", EVICTION_ROUNDS: dose === "ci" ? "1" : "5" }),
  },
  overload: {
    about: "on a cluster: six times what gateway and relay can carry; lifeline serves, the same handler inside the gateway does not",
    command: vitest("cluster", "test/cluster/installation", "prepares closes"),
    environment: (dose) => ({ INTERLOCK_CLUSTER_PARTS: "overload", OVERLOAD_CALLS: dose === "ci" ? "1000" : "10000" }),
  },
  skaffold: {
    about: "on a cluster with a registry: skaffold run, verify, delete, and dev with a source that changes",
    command: vitest("skaffold", "test/cluster/skaffold"),
    environment: () => ({}),
  },
  races: {
    about: "USE against DISARM, against the rate and against a budget, many clients at once",
    command: vitest("e2e", "test/e2e/races"),
    environment: (dose) => ({ RACE_ROUNDS: dose === "ci" ? "10" : "100" }),
  },
  parity: {
    about: "the evaluator against the deployed contract: what the server allows the chain allows",
    command: ({ seed, dose }) => [
      process.execPath,
      "dist/test/campaign/parity.js",
      "--seed",
      seed,
      "--cases",
      dose === "ci" ? "2000" : "50000",
    ],
    environment: () => ({}),
  },
  contracts: {
    about:
      "the contracts: tests on both Safes, 20,000 sequences against the oracle, 2,048,000 calls over invariants (dose ci: 300 and 12,000)",
    command: ({ seed, dose, ledger }) => [
      process.execPath,
      "dist/test/campaign/contracts.js",
      ...["--seed", seed, "--dose", dose],
      ...(ledger === undefined ? [] : ["--ledger", ledger]),
    ],
    environment: () => ({}),
  },
  "contracts-mutation": {
    about: "mutants of the contracts' enforcement code, all of them or 60 drawn by the seed; none may survive (npm run mutate:contracts)",
    command: ({ seed, dose, ledger = "" }) => [
      process.execPath,
      "contracts/tools/mutate/main.mjs",
      ...["--seed", seed, "--dose", dose, "--ledger", ledger],
    ],
    environment: () => ({}),
  },
  api: {
    about: "the OpenAPI description fuzzed against the running stack (schemathesis, needs Python)",
    command: ({ seed, dose }) => [
      process.execPath,
      "dist/test/campaign/api-fuzz.js",
      "--seed",
      seed,
      "--cases",
      dose === "ci" ? "500" : "2000",
    ],
    environment: () => ({}),
  },
  vault: {
    about:
      "the vault attacked: memory scan, races of two replicas, kill -9 in each step, rows, fuzz, attestation flips, providers, rotation, restore; --only residue,rotation takes some parts",
    command: ({ dose, only, ledger }) =>
      dose === "ci"
        ? [
            process.execPath,
            "node_modules/vitest/vitest.mjs",
            "run",
            "services/vault",
            "services/platform/src/intent",
            "test/contract/kek-provider",
          ]
        : [
            process.execPath,
            "dist/test/campaign/vault.js",
            ...(only === undefined ? [] : ["--only", only]),
            ...(ledger === undefined ? [] : ["--ledger", ledger]),
          ],
    environment: () => ({}),
  },
  mutation: {
    about:
      "mutates every domain/ and wants at least 80 % of the mutants of each killed (Stryker); --only auth,vault takes some, --dose ci a sample of files",
    command: ({ seed, dose, only }) => {
      const part = only === undefined ? [] : ["--only", only];
      return [process.execPath, "dist/test/campaign/mutation.js", "--dose", dose, "--seed", seed, ...part];
    },
    environment: () => ({}),
  },
};
