import type pg from "pg";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { Logger } from "#platform/logging/logger.js";
import type { RawSender, SendOutcome } from "../adapters/chain/sender.js";
import type { ExecutionStore, Order } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import { faultPoint } from "./fault-points.js";
import type { HeadState } from "./head-state.js";
import type { StoredTransaction } from "./lease-writer.js";
import { RELAY_ACTOR } from "./relay-actor.js";

export interface BroadcasterDeps {
  readonly sender: RawSender;
  readonly executions: ExecutionStore;
  readonly book: NonceBook;
  readonly head: HeadState;
  readonly clock: Clock;
  readonly capabilities: CapabilityRegistry;
  readonly logger: Logger;
}

type Sent = StoredTransaction & { readonly result: SendOutcome };

/** Sends stored bytes to every node and notes what came of it. It can be told the same bytes any number of times. */
export class Broadcaster {
  constructor(private readonly deps: BroadcasterDeps) {}

  /** Sends in the order of the nonces. Never throws: what was not noted is sent again by the healer. */
  async broadcast(stored: readonly StoredTransaction[]): Promise<void> {
    try {
      const results = await Promise.all(stored.map(({ transaction }) => this.deps.sender.send(transaction.raw)));
      faultPoint("broadcast.sent");
      const sent = stored.flatMap((one, i) => (results[i] === undefined ? [] : [{ ...one, result: results[i] }]));
      await this.deps.executions.events.withTransaction((tx) => this.#note(tx, sent));
      faultPoint("broadcast.recorded");
      this.#tell(sent);
    } catch (err) {
      this.deps.logger.warn({ err }, "a broadcast could not be noted; the healer sends again");
    }
  }

  async #note(tx: pg.PoolClient, sent: readonly Sent[]): Promise<void> {
    const { executions, book, head } = this.deps;
    await executions.apply(
      tx,
      sent.flatMap((one) => this.#orderFor(one)),
      RELAY_ACTOR,
    );
    const hashes = (...outcomes: readonly SendOutcome["outcome"][]) =>
      sent.filter(({ result }) => outcomes.includes(result.outcome)).map(({ transaction }) => transaction.hash);
    await book.markSent(tx, hashes("accepted", "already-known", "nonce-too-low"), head.number);
    await book.markUnderpriced(tx, hashes("underpriced"), head.number);
    for (const { executionId, result } of sent)
      if (executionId !== undefined && (result.outcome === "rejected" || result.outcome === "revert")) await book.unwant(tx, executionId);
  }

  #orderFor({ executionId, transaction, result }: Sent): Order[] {
    if (executionId === undefined) return [];
    const at = this.deps.clock.now().toISOString();
    if (result.outcome === "accepted" || result.outcome === "already-known")
      return [{ executionId, commands: [{ do: "broadcast", at, transactionHash: transaction.hash }] }];
    if (result.outcome === "insufficient-funds") return [{ executionId, commands: [{ do: "hold", at, reason: "insufficient-funds" }] }];
    return [];
  }

  #tell(sent: readonly Sent[]): void {
    const { capabilities, logger } = this.deps;
    const outcomes = new Set(sent.map(({ result }) => result.outcome));
    if (outcomes.has("insufficient-funds")) capabilities.raise("PaymasterEmpty", "broadcast", "the relayer cannot pay for gas");
    else if (outcomes.has("accepted")) capabilities.clear("PaymasterEmpty", "broadcast");
    for (const { transaction, result } of sent)
      if (result.message !== "")
        logger.info(
          { hash: transaction.hash, outcome: result.outcome, answer: result.message.slice(0, 200) },
          "a node refused a transaction",
        );
  }
}
