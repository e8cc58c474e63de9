import { parseCloudEvent } from "#platform/event-log/cloud-event-record.js";
import type { ReceivedRecord } from "#platform/event-log/event-log.js";
import type { ChainFactRepository } from "../adapters/chain-fact-repository.js";
import type { LogClaimRepository } from "../adapters/log-claim-repository.js";
import type { ModuleFacts } from "../adapters/module-facts.js";
import type { ChainFact } from "../domain/reconcile/chain-fact.js";
import { type Discrepancy, gone, unfounded, unlogged } from "../domain/reconcile/discrepancy.js";
import { accountOf, isOfModule, type LogClaim, readClaim, readSession, readWithdrawal } from "../domain/reconcile/log-claim.js";
import { nextBlocks, PATIENCE } from "../domain/reconcile/window.js";

/** Where differences go: each is an event of the log and an alarm, once. */
export interface DiscrepancyJournal {
  discrepancy(discrepancy: Discrepancy): Promise<void>;
  /** Writes into the log what only the chain tells of. */
  reconstructed(fact: ChainFact, why: string): Promise<void>;
}

export interface ReconcilerOptions {
  readonly chainId: number;
  /** Blocks that a reorganisation is looked for in. */
  readonly depth: bigint;
  /** Time in milliseconds that the other side gets whatever the chain's pace. */
  readonly graceMs: number;
  /** False while the log is known to be away: nothing is called missing from what cannot be read. */
  readonly logReadable: () => boolean;
}

/** Compares the chain with the log, both ways. Each round is safe to repeat. */
export class Reconciler {
  constructor(
    private readonly chain: ModuleFacts,
    private readonly facts: ChainFactRepository,
    private readonly claims: LogClaimRepository,
    private readonly journal: DiscrepancyJournal,
    private readonly options: ReconcilerOptions,
  ) {}

  /** Takes in entries of the log, in order. What is no event of ours claims nothing. */
  async note(records: readonly Pick<ReceivedRecord, "value">[]): Promise<void> {
    const { chainId } = this.options;
    const noted = new Set<string>();
    for (const { value } of records) {
      const event = parseCloudEvent(value);
      const account = event === undefined ? undefined : accountOf(event, chainId);
      if (event === undefined || account === undefined) continue;
      if (!noted.has(account)) await this.claims.noteAccount(account);
      noted.add(account);
      const [session, claim, withdrawal] = [readSession(event, chainId), readClaim(event, chainId), readWithdrawal(event)];
      if (session !== undefined) await this.claims.noteSession(session);
      if (claim !== undefined) await this.claims.noteClaim(claim);
      if (withdrawal !== undefined) await this.claims.withdraw(withdrawal);
    }
  }

  /** Reads the chain to its head, then tells what the two sides disagree on. */
  async round(): Promise<void> {
    const head = await this.chain.head();
    await this.readChain(head);
    await this.facts.settle();
    await this.claims.settle();
    const upTo = head - PATIENCE;
    if (this.options.logReadable()) {
      for (const fact of await this.facts.overdue(upTo, this.options.graceMs)) await this.tellUnlogged(fact);
    }
    for (const claim of await this.claims.overdue(upTo, this.options.graceMs)) await this.examine(claim);
  }

  private async readChain(head: bigint): Promise<void> {
    const { depth } = this.options;
    let read = await this.facts.readTo();
    let canonical = read === undefined || (await this.isCanonical(read.block, read.hash, head));
    if (!canonical) await this.takeBack(head > depth ? head - depth : 0n, head);
    for (let span = nextBlocks(read, canonical, head, depth); span !== undefined; span = nextBlocks(read, true, head, depth)) {
      // The hash first: facts of a branch that comes in between are then of another block than the one remembered.
      const hash = await this.chain.blockHash(span.to);
      await this.facts.keep(await this.chain.read(span), { block: span.to, hash });
      read = { block: span.to, hash };
      canonical = true;
    }
  }

  private async isCanonical(block: bigint, hash: string, head: bigint): Promise<boolean> {
    return block <= head && (await this.chain.blockHash(block)) === hash;
  }

  /** Tells of everything that was in a block which is not part of the chain any more. */
  private async takeBack(from: bigint, head: bigint): Promise<void> {
    for (const { number, hash } of await this.facts.blocks(from)) {
      if (await this.isCanonical(number, hash, head)) continue;
      for (const fact of await this.facts.inBlock(hash)) await this.journal.discrepancy(gone(fact));
      await this.claims.reopen(hash);
      await this.facts.markGone(hash);
    }
  }

  private async tellUnlogged(fact: ChainFact): Promise<void> {
    const discrepancy = unlogged(fact);
    await this.journal.discrepancy(discrepancy);
    await this.journal.reconstructed(fact, discrepancy.detail);
    await this.facts.markUnlogged(fact);
  }

  private async examine(claim: LogClaim): Promise<void> {
    const seen = await this.chain.transaction(claim.transactionHash);
    const facts = (seen?.facts ?? []).filter(({ account }) => account.toLowerCase() === claim.account);
    if (facts.length > 0) await this.facts.add(facts);
    const sameBlock = claim.blockHash === undefined || claim.blockHash === seen?.blockHash;
    const says = facts.length > 0 || !isOfModule(claim);
    if (seen !== undefined && says && sameBlock) return this.claims.mark(claim.eventId, "onchain");
    await this.journal.discrepancy(unfounded(claim, seen, says));
    await this.claims.mark(claim.eventId, "refuted");
  }
}
