/** EIP-1559 fees in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Fees for a new transaction: room for the base fee to double before it stalls, never above `ceiling`. */
export function initialFees(baseFee: bigint, priority: bigint, ceiling: bigint): Fees {
  const wanted = 2n * baseFee + priority;
  const maxFeePerGas = wanted < ceiling ? wanted : ceiling;
  return { maxFeePerGas, maxPriorityFeePerGas: priority < maxFeePerGas ? priority : maxFeePerGas };
}

/**
 * Fees of a replacement: both rise by at least 12.5 % (geth wants 10 % on both, some pools 12.5 %) and reach today's market.
 * Undefined when that would pass `ceiling`: then the old transaction has to wait for the market to come back.
 */
export function bumpFees(previous: Fees, market: Fees, ceiling: bigint): Fees | undefined {
  const maxFeePerGas = larger(raised(previous.maxFeePerGas), market.maxFeePerGas);
  const maxPriorityFeePerGas = larger(raised(previous.maxPriorityFeePerGas), market.maxPriorityFeePerGas);
  if (raised(previous.maxFeePerGas) > ceiling) return undefined;
  const capped = maxFeePerGas < ceiling ? maxFeePerGas : ceiling;
  return maxPriorityFeePerGas > capped ? undefined : { maxFeePerGas: capped, maxPriorityFeePerGas };
}

/** One ninth above eight ninths: 12.5 % more, rounded up, and more than before even for tiny values. */
function raised(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n + (fee === 0n ? 1n : 0n);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
