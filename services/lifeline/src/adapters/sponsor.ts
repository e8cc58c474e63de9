import { type Address, type Hex, keccak256 } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { RpcFleet } from "./rpc-fleet.js";

export interface SponsorOptions {
  readonly key: Hex;
  readonly chainId: number;
  /** Most wei one close may cost the sponsor. */
  readonly maxCost: bigint;
}

interface SponsoredCall {
  readonly to: Address;
  readonly data: Hex;
}

/** Two replicas share one key: the other one's transaction may take the nonce first. */
const TRIES = 4;

/** An account that pays for owners who cannot: it holds gas and nothing else, and lives without memory. */
export class Sponsor {
  readonly #account: PrivateKeyAccount;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly chain: RpcFleet,
    private readonly options: SponsorOptions,
  ) {
    this.#account = privateKeyToAccount(options.key);
  }

  get address(): Address {
    return this.#account.address;
  }

  /** True while it can pay for at least one close. */
  async funded(): Promise<boolean> {
    return (await this.chain.balanceOf(this.address)) >= this.options.maxCost;
  }

  /** Pays for `call`; one at a time, so that nonces do not meet. @throws InterlockError CONDITION when it would cost too much or cannot be paid */
  pay(call: SponsoredCall): Promise<Hex> {
    const mine = this.#last.catch(() => undefined).then(() => this.#send(call, TRIES));
    this.#last = mine;
    return mine;
  }

  async #send(call: SponsoredCall, tries: number): Promise<Hex> {
    const { nonce, gas, maxFeePerGas, maxPriorityFeePerGas } = await this.chain.feesFor(this.address, { ...call, value: 0n });
    const limit = (gas * 12n) / 10n;
    const [cost, balance] = [limit * maxFeePerGas, await this.chain.balanceOf(this.address)];
    if (cost > this.options.maxCost || cost > balance) throw tooDear(cost);
    const { chainId } = this.options;
    const raw = await this.#account.signTransaction({
      type: "eip1559",
      chainId,
      ...call,
      nonce,
      gas: limit,
      maxFeePerGas,
      maxPriorityFeePerGas,
    });
    try {
      return (await this.chain.broadcast(raw, keccak256(raw))).hash;
    } catch (error) {
      const refused = error instanceof InterlockError && error.code === "SIMULATION_FAILED";
      if (!refused || tries <= 1) throw error;
      return this.#send(call, tries - 1);
    }
  }
}

function tooDear(cost: bigint): InterlockError {
  return new InterlockError("CONDITION", "the sponsor cannot pay for this; send it from the owner's wallet, or have anybody pay", {
    details: { conditions: ["PaymasterEmpty"], wei: cost.toString() },
  });
}
