import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playSequence } from "./play/sequence.js";
import { encodeSequence, type Step } from "./play/step.js";

/** Where the chain and the model part. */
export interface Difference {
  readonly seed: number;
  readonly index: number;
  /** "done 0x…" or "refused 0x…" */
  readonly saw: string;
}

const contracts = fileURLToPath(new URL("../../../contracts/", import.meta.url));

/** Plays the sequences of `seeds` into a file for contracts/test/oracle/Replay.t.sol, one a line. */
export function writeSequences(path: string, seeds: readonly number[], count: (step: Step) => void): void {
  const file = openSync(path, "w");
  for (const seed of seeds) {
    const { parts, steps } = playSequence(seed);
    steps.forEach(count);
    writeSync(file, `${encodeSequence(parts, steps)}\n`);
  }
  closeSync(file);
}

/** Plays the sequences of `seeds` and has Foundry replay them; the first difference, or nothing. */
export function replay(seeds: readonly number[], count: (step: Step) => void): Difference | undefined {
  const folder = join(contracts, "cache", "oracle");
  mkdirSync(folder, { recursive: true });
  const name = `sequences-${process.pid}`;
  writeSequences(join(folder, name), seeds, count);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["tools/test.mjs", "--match-path", "test/oracle/Replay.t.sol", "--gas-limit", "18446744073709551615", "--memory-limit", "1073741824"],
    {
      cwd: contracts,
      env: { ...process.env, INTERLOCK_SEQUENCES: `cache/oracle/${name}`, INTERLOCK_SEQUENCE_COUNT: String(seeds.length) },
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  rmSync(join(folder, name));
  if (status === 0) return undefined;
  const [, sequence, step, saw] = /DIFFERENCE (\d+) (\d+) ((?:done|refused) 0x[0-9a-f]*)/.exec(stdout) ?? [];
  if (sequence === undefined || step === undefined || saw === undefined) throw new Error(`the replay failed:\n${stdout}\n${stderr}`);
  return { seed: seeds[Number(sequence)] ?? Number.NaN, index: Number(step), saw };
}
