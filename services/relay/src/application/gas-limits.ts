import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { SimulatedCall, Simulator } from "../adapters/chain/simulator.js";
import type { ChainError } from "../domain/chain-reason.js";

/** Seconds a limit is used for calls of the same shape. */
const KEPT_SECONDS = 60;
const MOST = 10_000;

/** Gas limits by the shape of a call: the estimate is a search by the node, and unused gas costs nothing. */
export class GasLimits {
  readonly #kept = new Map<string, { readonly limit: bigint; readonly until: number }>();

  constructor(
    private readonly simulator: Simulator,
    private readonly clock: Clock,
  ) {}

  /** The limit for `call`, or what the chain says against it. */
  async limit(shape: string, call: SimulatedCall): Promise<bigint | ChainError> {
    const now = unixSeconds(this.clock);
    const kept = this.#kept.get(shape);
    if (kept !== undefined && kept.until > now) return kept.limit;
    const limit = await this.simulator.gas(call);
    if (typeof limit !== "bigint") return limit;
    if (this.#kept.size >= MOST) this.#kept.clear();
    this.#kept.set(shape, { limit, until: now + KEPT_SECONDS });
    return limit;
  }
}
