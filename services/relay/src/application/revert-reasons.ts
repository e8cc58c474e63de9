import type { Address } from "viem";
import type { Block } from "../adapters/chain/chain-reader.js";
import { bodyOf } from "../adapters/chain/relayer-key.js";
import type { Simulator } from "../adapters/chain/simulator.js";
import type { ExecutionReader } from "../adapters/pg/execution-reader.js";
import type { OwnTransaction, SlotReader } from "../adapters/pg/slot-reader.js";
import { chainReason } from "../domain/chain-reason.js";
import type { ReasonJson } from "../domain/execution-event.js";

export interface RevertReasonDeps {
  readonly simulator: Simulator;
  readonly slots: SlotReader;
  readonly executions: ExecutionReader;
  readonly sender: Address;
}

/** Why one of our transactions failed on chain. Receipts do not say it, so the call is tried again at its block and at the one before. */
export class RevertReasons {
  constructor(private readonly deps: RevertReasonDeps) {}

  /** The reason; a plain "Reverted" when the call would succeed in both places. */
  async of(own: OwnTransaction, block: Block): Promise<ReasonJson> {
    if (await this.#late(own, block)) return chainReason({ name: "DeadlinePassed", detail: `block time ${block.time}` });
    const [transaction] = await this.deps.slots.raws([own.hash]);
    if (transaction === undefined) return chainReason({ name: "Reverted", detail: "" });
    const { to, data } = bodyOf(transaction.raw);
    const call = { from: this.deps.sender, to, data };
    const refusal = (await this.deps.simulator.refusal(call, block.number - 1n)) ?? (await this.deps.simulator.refusal(call, block.number));
    return chainReason(refusal ?? { name: "Reverted", detail: "out of gas, or overtaken inside its block" });
  }

  async #late({ executionId }: OwnTransaction, block: Block): Promise<boolean> {
    if (executionId === undefined) return false;
    const deadline = await this.deps.executions.deadline(executionId);
    return deadline !== undefined && block.time > deadline;
  }
}
