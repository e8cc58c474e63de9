import { type Address, decodeFunctionData, isAddressEqual } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { RpcFleet } from "../adapters/rpc-fleet.js";
import { emergencyAbi } from "../domain/emergency-abi.js";
import type { Destination } from "../domain/emergency-transaction.js";
import type { EmergencyService } from "./emergency.service.js";

/** The last look lifeline took at itself. */
export interface SelfTestResult {
  readonly ok: boolean;
  /** ISO time. */
  readonly at: string;
  readonly tookMs: number;
  /** `close`: a close was prepared and simulated; `module`: no account is configured, so the module was found and read. */
  readonly what: "close" | "module";
  /** For people; no secrets. */
  readonly reason?: string;
}

export interface SelfTestParts {
  readonly chain: Pick<RpcFleet, "chainIds" | "epochOf">;
  readonly emergency: Pick<EmergencyService, "prepare" | "ownersOf">;
  readonly destination: Destination;
  readonly clock: Clock;
  /** A Safe with the module enabled that exists for this test; nothing is ever sent for it. */
  readonly account?: Address | undefined;
}

/** Does, short of sending, what an owner in trouble would do: whoever waits for an emergency to find out that this is broken waits too long. */
export class SelfTest {
  #last: SelfTestResult | undefined;

  constructor(private readonly parts: SelfTestParts) {}

  /** Undefined until the first has ended. */
  get last(): SelfTestResult | undefined {
    return this.#last;
  }

  /** Runs once; a failure is the result, never a rejection. */
  async run(): Promise<SelfTestResult> {
    const { clock, account } = this.parts;
    const began = clock.now();
    const reason = await this.#fault();
    const tookMs = clock.now().getTime() - began.getTime();
    const what = account === undefined ? "module" : "close";
    this.#last = { ok: reason === undefined, at: began.toISOString(), tookMs, what, ...(reason === undefined ? {} : { reason }) };
    return this.#last;
  }

  async #fault(): Promise<string | undefined> {
    try {
      const { chain, emergency, destination, account } = this.parts;
      const foreign = (await chain.chainIds()).find((id) => id !== destination.chainId);
      if (foreign !== undefined) return `a node is on chain ${foreign}, not ${destination.chainId}`;
      if (account === undefined) {
        await chain.epochOf(destination.module, destination.module);
        return undefined;
      }
      const [owner] = await emergency.ownersOf(account);
      if (owner === undefined) return `${account} has no owner`;
      const { transaction } = await emergency.prepare({ action: "close_all", account, owner });
      const { args } = decodeFunctionData({ abi: emergencyAbi, data: transaction.data });
      return isAddressEqual(args[0], account) ? undefined : "the prepared close names another account";
    } catch (error) {
      return error instanceof InterlockError ? `${error.code}: ${error.message}` : error instanceof Error ? error.name : "unknown error";
    }
  }
}
