import type { EventStore } from "#platform/event-store/event-store.js";
import type { Actor, NewEvent } from "#platform/event-store/types.js";
import type { AccountId, IdFactory } from "#platform/kernel/ids.js";
import type { Tx } from "./ports/tx.js";

/** Appends auth's events in the transaction of the change they tell of. */
export class Recorder {
  constructor(
    private readonly store: EventStore,
    private readonly ids: IdFactory,
  ) {}

  /** Runs `work` in one transaction: the change and its events, or neither. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.store.withTransaction(work);
  }

  /** Appends one event to a stream of its own: auth decides nothing from its streams, they are its outbox. */
  async record(tx: Tx, account: AccountId, event: NewEvent, actor: Actor): Promise<void> {
    const id = this.ids.next();
    await this.store.append(`auth-${id}`, 0, [event], { correlationId: id, actor, subject: account, partitionKey: account }, tx);
  }
}
