import type { Address, Hex } from "viem";
import { keccak256, toHex } from "viem";
import type { RandomSource } from "../../../test/campaign/parity/random-source.js";
import type { Policy, TokenLimit } from "../model/policy.js";
import { SHAPES } from "./shapes.js";
import { buildTree, type Tree } from "./tree.js";
import { START, WHO } from "./world.js";

/** A policy and, where it has a scope, the proofs of its leaves. */
export interface DrawnPolicy {
  readonly policy: Policy;
  readonly proofs: Tree["proofs"];
}

const YEAR = 365 * 86_400;
const NO_SCOPE: Hex = `0x${"00".repeat(32)}`;
const FOR_EVER = 2 ** 40 - 1;

/** A policy that is mostly sound, with small windows and limits so that short sequences meet every edge. */
export function drawPolicy(random: RandomSource, number: number): DrawnPolicy {
  const tree = random.chance(0.4) ? drawTree(random) : undefined;
  const validAfter = START + random.pick([-100, -100, 0, 0, 0, 0, 0, 1, 50]);
  const sound: Policy = {
    safe: WHO.safe,
    key: random.pick([WHO.key1, WHO.key2]),
    validAfter,
    validUntil: validAfter + random.pick([200, 5_000, 400_000, 400_000, YEAR - 1, YEAR]),
    rateWindow: random.pick([1, 2, 10, 60, 3_600, 100_000]),
    maxOps: random.pick([0, 1, 2, 2, 3, 3, 9, 10]),
    budgetWindow: random.pick([1, 2, 10, 60, 3_600, 100_000]),
    epoch: random.chance(0.94) ? 0 : 1,
    rulesBefore: random.chance(0.96) ? random.pick([START, FOR_EVER, FOR_EVER, START + 172_801]) : 0,
    protocolMask: random.chance(0.85) ? random.pick([2n ** 256n - 1n, 0b101110n]) : random.pick([0b10n, 0b100100n, 1n << 200n]),
    scopeRoot: tree?.root ?? NO_SCOPE,
    maxSlippageBps: random.below(3),
    policyHash: keccak256(toHex(number)),
    limits: drawLimits(random),
  };
  return { policy: random.chance(0.1) ? unsound(random, sound) : sound, proofs: tree?.proofs ?? new Map() };
}

function drawLimits(random: RandomSource): TokenLimit[] {
  const tokens: Address[] = [WHO.tokenA, WHO.nobody, WHO.tokenB];
  return tokens.slice(0, random.pick([1, 2, 3, 3, 3])).map((token) => {
    const perOp = BigInt(random.pick([1, 5, 100, 400]));
    return { token, perOp, perPeriod: random.pick([perOp, 2n * perOp, 3n * perOp - 1n, perOp - 1n, 1_000n]) };
  });
}

function drawTree(random: RandomSource): Tree {
  const leaf = () => random.pick(SHAPES).leaf;
  const leaves = new Set([leaf(), ...Array.from({ length: random.below(5) }, leaf)]);
  const [first = leaf(), ...rest] = leaves;
  return buildTree([first, ...rest]);
}

/** One field that arming must refuse, or the largest value it must still accept. */
function unsound(random: RandomSource, policy: Policy): Policy {
  const [limit = { token: WHO.tokenA, perOp: 1n, perPeriod: 1n }] = policy.limits;
  const many = (length: number) =>
    Array.from({ length }, (_, index): TokenLimit => ({ ...limit, token: `0x${toHex(index + 1, { size: 20 }).slice(2)}` }));
  const spoiled: readonly [Partial<Policy>, ...Partial<Policy>[]] = [
    { key: WHO.nobody },
    { key: WHO.safe },
    { validUntil: policy.validAfter },
    { validUntil: policy.validAfter + 1 },
    { validUntil: policy.validAfter - 1 },
    { validUntil: policy.validAfter + YEAR + 1 },
    { rateWindow: 0 },
    { budgetWindow: 0 },
    { rateWindow: 2 ** 32 - 1 },
    { budgetWindow: 2 ** 32 - 1 },
    { maxOps: 11 },
    { maxOps: 255 },
    { epoch: 2 },
    { epoch: 2 ** 32 - 1 },
    { limits: [{ ...limit, perPeriod: 2n ** 112n }] },
    { limits: [{ ...limit, perPeriod: 2n ** 112n - 1n, perOp: 2n ** 128n - 1n }] },
    { limits: [limit, { ...limit, token: WHO.stranger }, limit] },
    { limits: many(17) },
    { limits: [...many(15), limit] },
    { limits: [] },
  ];
  return { ...policy, ...random.pick(spoiled) };
}
