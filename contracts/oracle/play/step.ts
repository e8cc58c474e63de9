import { type Address, concatHex, encodeAbiParameters, type Hex, parseAbiParameters } from "viem";

/** One transaction or view of a sequence, and what the model says must come of it. */
export interface Step {
  readonly name: string;
  /** Unix time of its block. */
  readonly at: number;
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly ok: boolean;
  /** Bytes returned or reverted with; undefined where a success returns nothing worth comparing. */
  readonly answer: Hex | undefined;
}

const SEQUENCE: readonly { readonly type: string }[] = parseAbiParameters(
  "bytes[] parts,(uint40 at,address from,address to,bytes before,uint256 part,bytes behind,uint8 expected,bytes answer)[] steps",
);
const EXPECTED = { refused: 0, done: 1, answered: 2 } as const;

/**
 * One line for contracts/test/oracle/Replay.t.sol. `parts` (policies, which most calldata repeats) are written once.
 * @param parts at most a few; a step's data is before + parts[part - 1] + behind, part 0 being none
 */
export function encodeSequence(parts: readonly Hex[], steps: readonly Step[]): Hex {
  return encodeAbiParameters(SEQUENCE, [parts, steps.map((step) => encodeStep(parts, step))]);
}

function encodeStep(parts: readonly Hex[], { at, from, to, data, ok, answer }: Step) {
  const expected = ok ? (answer === undefined ? EXPECTED.done : EXPECTED.answered) : EXPECTED.refused;
  const base = { at, from, to, expected, answer: answer ?? "0x" };
  for (const [index, part] of parts.entries()) {
    const found = data.indexOf(part.slice(2));
    if (found > 0 && found % 2 === 0) {
      const behind = concatHex(["0x", `0x${data.slice(found + part.length - 2)}`]);
      return { ...base, before: data.slice(0, found), part: index + 1, behind };
    }
  }
  return { ...base, before: data, part: 0, behind: "0x" };
}
