/**
 * The contract's two-bucket budget (contracts/src/lib/Budget.sol): time is cut into buckets of one window, counted from
 * `validAfter`; any stretch of one window touches at most two neighbours, so `previous + current + amount <= perPeriod`
 * holds in every window, wherever it starts. It may refuse early, never late.
 */
export interface BudgetWindow {
  /** Number of the bucket that `current` belongs to. */
  readonly index: bigint;
  readonly previous: bigint;
  readonly current: bigint;
}

/** A budget of which nothing was spent yet. */
export const UNUSED_BUDGET: BudgetWindow = { index: 0n, previous: 0n, current: 0n };

/** Number of the bucket at `now`; all three in Unix seconds or seconds. `now` must not be before `validAfter`. */
export function bucketIndex(now: bigint, validAfter: bigint, budgetWindow: bigint): bigint {
  return (now - validAfter) / budgetWindow;
}

/** Both buckets as seen at bucket `index`. A clock that went back (`index` below the stored one) forgets nothing. */
export function rollBudget(budget: BudgetWindow, index: bigint): BudgetWindow {
  if (index <= budget.index) return budget;
  if (index === budget.index + 1n) return { index, previous: budget.current, current: 0n };
  return { index, previous: 0n, current: 0n };
}

/** What may still be spent at bucket `index`, never below 0. */
export function budgetLeft(budget: BudgetWindow, index: bigint, perPeriod: bigint): bigint {
  const { previous, current } = rollBudget(budget, index);
  const left = perPeriod - previous - current;
  return left > 0n ? left : 0n;
}

/** Adds `amount` at bucket `index`, with no check of any limit: the caller has made it. */
export function addToBudget(budget: BudgetWindow, index: bigint, amount: bigint): BudgetWindow {
  const rolled = rollBudget(budget, index);
  if (index < rolled.index - 1n) return rolled;
  if (index === rolled.index - 1n) return { ...rolled, previous: rolled.previous + amount };
  return { ...rolled, current: rolled.current + amount };
}

/** Takes back `amount` that was added at bucket `index`; a bucket that is forgotten by now stays forgotten. */
export function takeFromBudget(budget: BudgetWindow, index: bigint, amount: bigint): BudgetWindow {
  if (index === budget.index) return { ...budget, current: atLeastZero(budget.current - amount) };
  if (index === budget.index - 1n) return { ...budget, previous: atLeastZero(budget.previous - amount) };
  return budget;
}

function atLeastZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}
