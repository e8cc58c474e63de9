import type { ParsedAction } from "../../../services/platform/src/intent/intent.js";
import { count } from "../../../services/platform/src/limits/limits-state.js";
import { policyId } from "../../../services/platform/src/session-policy/onchain-policy.js";
import { enforce, type Verdict } from "../../../services/policy/src/domain/evaluate.js";
import { limitsOf } from "../../../services/policy/src/domain/question.js";
import { chainAllows, execute } from "./ask-chain.js";
import { type ParityChain, startParityChain } from "./parity-chain.js";
import { armSession, type ParitySession } from "./parity-session.js";
import { randomAction } from "./random-action.js";
import { RandomSource } from "./random-source.js";

/** What a campaign found. */
export interface ParityReport {
  readonly cases: number;
  /** Allowed by both, and how many of those were made real on chain. */
  readonly allowed: number;
  readonly executed: number;
  readonly denied: number;
  /** Allowed by the server, refused by the chain: must be empty. */
  readonly unsound: readonly string[];
  /** Refused by the server, allowed by the chain, by the server's reason. */
  readonly stricter: Readonly<Record<string, number>>;
}

/** Reasons for which the server may be stricter than the chain. */
export const STRICTER_REASONS: readonly string[] = ["NON_CANONICAL", "ARGUMENT_REFUSED"];

const CASES_PER_SESSION = 40;

/** Asks evaluator and deployed contract the same random questions, with real history in between. */
export async function runParity({ seed, cases }: { readonly seed: number; readonly cases: number }): Promise<ParityReport> {
  const chain = await startParityChain();
  try {
    return await ask(chain, new RandomSource(seed), cases);
  } finally {
    await chain.stop();
  }
}

async function ask(chain: ParityChain, random: RandomSource, cases: number): Promise<ParityReport> {
  const tally = { allowed: 0, executed: 0, denied: 0, unsound: [] as string[], stricter: {} as Record<string, number> };
  let session: ParitySession | undefined;
  let now = 0n;
  for (let number = 0; number < cases; number += 1) {
    if (session === undefined || number % CASES_PER_SESSION === 0) {
      now = (await chain.client.getBlock()).timestamp + 2n;
      session = await armSession(chain, random, number, Number(now));
      now = (await chain.client.getBlock()).timestamp;
    }
    now += step(random, session);
    const action = randomAction(chain, random);
    const verdict = judge(chain, session, action, now);
    const chainSays = await chainAllows(chain, session, action, now);
    if (verdict.outcome === "allow" && !chainSays) tally.unsound.push(describe(session, action, now, number));
    else if (verdict.outcome === "allow") tally.allowed += 1;
    else if (chainSays) bump(tally.stricter, verdict.refusals[0]?.code ?? "none");
    else tally.denied += 1;
    if (verdict.outcome === "allow" && chainSays && (await execute(chain, session, action, now))) {
      tally.executed += 1;
      if (verdict.operation !== undefined) session.usage = count(limitsOf(session.onchain.policy), session.usage, verdict.operation, now);
    }
  }
  return { cases, ...tally };
}

/** Seconds until the next question: often none beyond the next block, sometimes exactly at, before or after a window's edge. */
function step(random: RandomSource, { onchain }: ParitySession): bigint {
  if (random.chance(0.7)) return 1n;
  const edge = random.pick([onchain.policy.rateWindow, onchain.policy.budgetWindow, 60]);
  return BigInt(Math.max(1, edge + random.pick([-1, 0, 1])));
}

function judge(chain: ParityChain, session: ParitySession, action: ParsedAction, at: bigint): Verdict {
  const { policy } = session.onchain;
  const intent = { chainId: BigInt(chain.chainId), module: chain.module, policyId: policyId(policy), action, nonce: 0n, deadline: at };
  return enforce({ compiled: session.compiled, policy, intent, usage: session.usage, conditions: [], at });
}

function bump(counts: Record<string, number>, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1;
}

function describe(session: ParitySession, action: ParsedAction, at: bigint, number: number): string {
  const facts = { number, at, action, document: session.compiled.document };
  return JSON.stringify(facts, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
