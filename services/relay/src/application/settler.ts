import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import type { Random } from "#platform/kernel/random.js";
import type { Logger } from "#platform/logging/logger.js";
import type { ChainReader } from "../adapters/chain/chain-reader.js";
import type { LeasedWork, WorkTable } from "../adapters/pg/work-table.js";
import type { SettlementOutcome } from "../domain/settlement.js";
import { faultPoint } from "./fault-points.js";
import type { HeadState } from "./head-state.js";
import type { PermissionsPort, SettlementReport } from "./permissions-port.js";
import { backoffMs } from "./retry.js";

/** Longest pause between two tries to settle, in milliseconds: a reservation must not hang for long once permissions is back. */
const MAX_PAUSE_MS = 10_000;
const OUTCOMES: readonly SettlementOutcome[] = ["committed", "reverted", "expired", "cancelled", "reorged", "unsigned"];

/** Stands for the transaction of whoever submitted the intent in our place. */
const NOT_OURS = `0x${"0".repeat(64)}`;

export interface SettlerDeps {
  readonly permissions: PermissionsPort;
  readonly chain: ChainReader;
  readonly head: HeadState;
  readonly work: WorkTable;
  readonly random: Random;
  readonly logger: Logger;
  /** Depth at which a block counts as confirmed. */
  readonly confirmations: bigint;
}

/** Tells permissions what became of a reservation, until it has heard it. */
export class Settler {
  constructor(private readonly deps: SettlerDeps) {}

  /** One try of a settlement or a revocation report. */
  async settle(work: LeasedWork): Promise<void> {
    try {
      const settled = work.task === "report" ? await this.#report(work) : await this.#settle(work);
      if (!settled) return await this.#again(work);
    } catch (err) {
      if (!hasCode(err, "NOT_FOUND", "VALIDATION_FAILED", "EXECUTION_FINAL")) return this.#again(work);
      // A denial may settle what was never reserved: that is the one refusal that is expected.
      const expected = err.code === "NOT_FOUND" && work.detail.outcome === "unsigned";
      const about = { code: err.code, details: err.details, executionId: work.executionId, detail: work.detail };
      this.deps.logger[expected ? "info" : "error"](about, "permissions settles this no further");
    }
    faultPoint("settle.after-call");
    await this.deps.work.done(work);
  }

  async #report({ state, detail }: LeasedWork): Promise<boolean> {
    const session = await this.deps.permissions.session(state.sessionId);
    await this.deps.permissions.reportRevocation(session, `${detail.error ?? ""} ${detail.detail ?? ""}`.trim());
    return true;
  }

  async #settle(work: LeasedWork): Promise<boolean> {
    const report = work.detail.when === "after-deadline" ? await this.#afterDeadline(work) : reportOf(work);
    if (report === undefined) return false;
    faultPoint("settle.before-call");
    await this.deps.permissions.settle(report);
    return true;
  }

  /**
   * The signature is out, so the reservation is given back only when nobody can use it any more. Whoever did use it (the calldata was
   * public) has spent the budget: that counts as committed.
   */
  async #afterDeadline(work: LeasedWork): Promise<SettlementReport | undefined> {
    const { chain, head, confirmations } = this.deps;
    const { state } = work;
    const confirmed = await chain.block(head.number - confirmations + 1n);
    if (confirmed === undefined || confirmed.time <= BigInt(state.deadline)) return undefined;
    const [module, safe, policyId] = [hex(state.module), hex(state.account), hex(state.policyId)];
    const used = await chain.nonceUsed(module, safe, policyId, BigInt(state.intentNonce), confirmed.number);
    if (!used) return reportOf(work);
    const { number, hash, time } = confirmed;
    const transactionHash = NOT_OURS;
    return { ...reportOf(work), outcome: "committed", transactionHash, blockNumber: `${number}`, blockHash: hash, blockTime: `${time}` };
  }

  async #again(work: LeasedWork): Promise<void> {
    await this.deps.work.putOff(work, backoffMs(work.tries, this.deps.random.fraction(), MAX_PAUSE_MS));
  }
}

function reportOf({ state, detail }: LeasedWork): SettlementReport {
  const outcome = OUTCOMES.find((known) => known === detail.outcome);
  if (outcome === undefined) throw new InterlockError("VALIDATION_FAILED", "a settlement with an unknown outcome");
  const text = (name: string) => String(detail[name] ?? "");
  return {
    sessionId: state.sessionId,
    executionId: state.executionId,
    outcome,
    transactionHash: text("transactionHash"),
    blockNumber: text("blockNumber"),
    blockHash: text("blockHash"),
    blockTime: text("blockTime"),
  };
}

function hex(value: string): `0x${string}` {
  return `0x${value.slice(2)}`;
}
