import { BaseRpcContext } from "@nestjs/microservices";
import type { ReceivedRecord } from "../event-log.js";

/** What a handler can ask about the record that carried its event. */
export class EventLogContext extends BaseRpcContext<[ReceivedRecord]> {
  /** The record, its value byte for byte as published. */
  get record(): ReceivedRecord {
    return this.getArgByIndex(0);
  }
}

/**
 * The record behind a handler's `@Ctx() context: unknown`: Nest's type of `@EventPattern` allows a second parameter of no other type.
 * @throws TypeError when the handler was called by another transport
 */
export function recordOf(context: unknown): ReceivedRecord {
  if (context instanceof EventLogContext) return context.record;
  throw new TypeError("this handler was not called by the event log");
}
