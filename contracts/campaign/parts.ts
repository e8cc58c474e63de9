/** One part of the campaign: what it shows, and the program that shows it. */
export interface Part {
  readonly name: string;
  readonly program: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs of a slice and calls of a run; each of the two invariants gets them on each Safe version. */
const RUNS = 32;
const DEPTH = 1000;
const SAFES = ["1.4.1", "1.5.0"] as const;
/** Slices for each Safe version: 2 x 16 x 32 x 1,000 x 2 invariants = 2,048,000 calls. */
const INVARIANT_SLICES = 16;
/** Sequences of one slice of the oracle: 20 x 1,000. */
const SEQUENCES = 1000;
const ORACLE_SLICES = 20;

const invariants = (safe: string, seed: number, runs: number, depth: number): Part => ({
  name: `invariants on Safe ${safe}, seed ${seed}`,
  program: ["contracts/tools/test.mjs", "--match-path", "test/invariant/*", "--fuzz-seed", String(seed)],
  environment: { INTERLOCK_SAFE: safe, FOUNDRY_INVARIANT_RUNS: String(runs), FOUNDRY_INVARIANT_DEPTH: String(depth) },
});

const oracle = (seed: number, sequences: number): Part => ({
  name: `differential oracle, seeds ${seed} to ${seed + sequences - 1}`,
  program: ["dist/contracts/oracle/main.js", "--seed", String(seed), "--sequences", String(sequences)],
});

const numbers = (length: number) => Array.from({ length }, (_, index) => index);

/** A CI run has the tests already, from `npm test`; it takes 300 sequences and 12,000 calls. */
function smallDose(seed: number): Part[] {
  return [oracle(seed, 300), ...SAFES.map((safe) => invariants(safe, seed, 10, 300))];
}

/** @param seed the first of the oracle's seeds; an invariant slice has one of its own beside it */
export function partsOf(dose: "ci" | "full", seed: number): Part[] {
  if (dose === "ci") return smallDose(seed);
  return [
    { name: "tests on both Safe versions", program: ["contracts/tools/test.mjs"] },
    ...numbers(INVARIANT_SLICES).flatMap((slice) => SAFES.map((safe) => invariants(safe, seed + slice, RUNS, DEPTH))),
    ...numbers(ORACLE_SLICES).map((slice) => oracle(seed + slice * SEQUENCES, SEQUENCES)),
  ];
}
