import type { Address, Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import { TokenBuckets } from "#platform/rate-limit/token-buckets.js";
import type { RpcFleet } from "../adapters/rpc-fleet.js";
import type { Sponsor } from "../adapters/sponsor.js";
import type { Destination } from "../domain/emergency-transaction.js";
import { pathMode, requireForwarding } from "../domain/path-mode.js";
import { encodeSponsoredCall, type SponsoredRequest } from "../domain/sponsored-call.js";
import { simulate } from "./simulate.js";

/** Closes Interlock pays for: three at once per account, then one an hour. A close that is asked for again costs gas and closes nothing. */
const PER_ACCOUNT = { perSecond: 1 / 3_600, burst: 3 };

/** Whoever asks the chain what a signed call would do, when there is no sponsor: an address that owns nothing. */
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";

export interface SponsorAnswer {
  /** Set when Interlock paid. */
  readonly transactionHash?: Hex;
  /** What anybody may send, from any wallet: the owner's authority is inside. */
  readonly transaction: { readonly to: Address; readonly data: Hex; readonly value: "0"; readonly chainId: number };
}

/** The sponsored path: the owner signs, somebody else pays. */
export class SponsorService {
  readonly #buckets = new TokenBuckets(PER_ACCOUNT, 10_000);

  constructor(
    private readonly chain: RpcFleet,
    private readonly destination: Destination,
    private readonly clock: Clock,
    private readonly capabilities: Pick<CapabilityRegistry, "held">,
    private readonly sponsor: Sponsor | undefined,
  ) {}

  /** True when a signature is all that is wanted of the owner. */
  get sponsors(): boolean {
    return this.sponsor !== undefined && pathMode(this.capabilities.held()).sponsors;
  }

  /**
   * Pays for what the owner signed, or gives it back as a transaction for anybody who will.
   * @throws InterlockError VALIDATION_FAILED, SIMULATION_FAILED, RATE_LIMITED, CONDITION, DEPENDENCY_UNAVAILABLE
   */
  async submit(request: SponsoredRequest): Promise<SponsorAnswer> {
    requireForwarding(this.capabilities.held());
    const { module: to, chainId } = this.destination;
    const data = encodeSponsoredCall(request);
    const transaction = { to, data, value: "0", chainId } as const;
    await simulate(this.chain, this.sponsor?.address ?? NOBODY, { to, data, value: 0n });
    if (this.sponsor === undefined || !this.sponsors) return { transaction };
    const wait = this.#buckets.take(request.account.toLowerCase(), this.clock.now().getTime());
    if (wait > 0) {
      throw new InterlockError("RATE_LIMITED", "enough was paid for this account for now; its owner's own transaction always goes", {
        details: { retryAfterSeconds: Math.ceil(wait) },
      });
    }
    return { transaction, transactionHash: await this.sponsor.pay({ to, data }) };
  }
}
