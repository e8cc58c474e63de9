import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import { reserve } from "#platform/limits/reserve.js";
import { anArmed, apply, aSettle, aUse, execution, START } from "../testing/session.builder.js";
import { decide } from "./decide.js";
import { isSession, type SessionState } from "./session-state.js";

/** What arrives: a USE `after` seconds later, of `amount`, and how long the chain takes to mine it (within its deadline). */
const arrival = fc.record({
  after: fc.integer({ min: 0, max: 60 }),
  amount: fc.integer({ min: 1, max: 60 }),
  takes: fc.integer({ min: 0, max: 100 }),
});
const terms = fc.record({
  maxOps: fc.constantFrom(0, 1, 2, 5),
  rateWindow: fc.integer({ min: 1, max: 300 }),
  budgetWindow: fc.integer({ min: 1, max: 300 }),
});

describe("a reservation", () => {
  it("is accepted by the chain in whatever second up to its deadline, and in whatever order, it is mined", () => {
    let authorised = 0;
    fc.assert(
      fc.property(terms, fc.array(arrival, { minLength: 1, maxLength: 25 }), (limits, arrivals) => {
        const session = anArmed({ ...limits, perOp: "60", perPeriod: "100" });
        let state: SessionState = session;
        const mined: { at: number; amount: bigint; n: number }[] = [];
        let now = START + 20;
        arrivals.forEach(({ after, amount, takes }, n) => {
          now += after;
          state = settleUpTo(state, mined, now);
          const use = aUse(n, { at: now, amount: BigInt(amount) });
          const decision = decide(state, use);
          const allowed = decision.kind === "events" && decision.events[0]?.type === "session.use.authorized.v1";
          state = apply(state, use).state;
          if (allowed) mined.push({ at: now + takes, amount: BigInt(amount), n });
        });
        authorised += mined.length;
        expectChainAccepts(session.limits, mined);
      }),
      { numRuns: 400 },
    );
    expect(authorised).toBeGreaterThan(400);
  });
});

/** The relay reports what was mined before `now`. */
function settleUpTo(state: SessionState, mined: readonly { at: number; n: number }[], now: number): SessionState {
  let next = state;
  for (const { at, n } of mined) {
    const waiting = isSession(next) && next.pending.has(execution(n));
    if (waiting && at < now) next = apply(next, aSettle(n, "committed", { minedAt: at, at: now })).state;
  }
  return next;
}

/** The contract's own check of every operation, in the order they are mined. */
function expectChainAccepts(limits: Parameters<typeof reserve>[0], mined: readonly { at: number; amount: bigint }[]): void {
  let chain: LimitsState = UNUSED;
  for (const { at, amount } of mined.toSorted((a, b) => a.at - b.at)) {
    const token = limits.limits[0]?.token ?? "0x0000000000000000000000000000000000000000";
    const verdict = reserve(limits, chain, { operations: 1, spends: [{ token, amount }] }, BigInt(at));
    expect(verdict.ok).toBe(true);
    if (verdict.ok) chain = verdict.state;
  }
}
