import { type CustomTransportStrategy, Server } from "@nestjs/microservices";
import { lastValueFrom } from "rxjs";
import { consumeSpan } from "../../telemetry/consume-span.js";
import { parseCloudEvent } from "../cloud-event-record.js";
import { PermanentFailure } from "../deliver.js";
import type { EventLog, Parking, ReceivedRecord, Subscription } from "../event-log.js";
import { EventLogContext } from "./event-log-context.js";

export interface EventLogServerOptions {
  readonly eventLog: EventLog;
  readonly group: string;
  readonly topics: readonly string[];
  readonly parking?: Parking;
  /**
   * What becomes of an event that no handler's pattern names. `park` keeps it, and what follows it in its sequence, until a version that
   * knows it replays it; a function is told its type and the event is dropped: see `countUnknown`.
   */
  readonly unknown: "park" | ((type: string) => void);
}

/**
 * Nest's side of the event log: `@EventPattern("session.armed.v1")` handlers get the CloudEvent as `@Payload()` and, as `@Ctx()`, what
 * `recordOf` takes the record from. An event is acknowledged after its handler has resolved. Add `EventLogExceptionFilter`, or Nest hides
 * why a handler failed.
 */
export class EventLogServer extends Server implements CustomTransportStrategy {
  #subscription: Subscription | undefined;

  constructor(private readonly options: EventLogServerOptions) {
    super();
  }

  /** Subscribes in the background: Nest's start does not wait for the log. */
  listen(callback: (error?: unknown, ...optional: unknown[]) => void): void {
    const { eventLog, group, topics, parking } = this.options;
    eventLog
      .subscribe({ group, topics, handler: (batch) => this.#handleAll(batch), ...(parking === undefined ? {} : { parking }) })
      .then((subscription) => {
        this.#subscription = subscription;
        callback();
      })
      .catch((error: unknown) => callback(error));
  }

  async close(): Promise<void> {
    await this.#subscription?.stop();
  }

  /** The log has no connection events of its own. */
  override on(): never {
    throw new TypeError("the event log emits no transport events");
  }

  override unwrap<T>(): T {
    return this.options.eventLog as T;
  }

  async #handleAll(batch: readonly ReceivedRecord[]): Promise<void> {
    for (const record of batch) await this.#handleOne(record);
  }

  async #handleOne(record: ReceivedRecord): Promise<void> {
    const event = parseCloudEvent(record.value);
    if (event === undefined) throw new PermanentFailure("the record is no CloudEvent in structured JSON");
    const handler = this.messageHandlers.get(event.type);
    if (handler === undefined) {
      const { unknown } = this.options;
      if (unknown === "park") throw new PermanentFailure(`nobody here handles ${event.type}`);
      unknown(event.type);
      return;
    }
    await consumeSpan(event.type, record.headers, async () => {
      for (let next: typeof handler | undefined = handler; next !== undefined; next = next.next) {
        const result = this.transformToObservable(await next(event, new EventLogContext([record])));
        await lastValueFrom(result, { defaultValue: undefined });
      }
    });
  }
}
