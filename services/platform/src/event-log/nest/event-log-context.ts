import { BaseRpcContext } from "@nestjs/microservices";
import type { ReceivedRecord } from "../event-log.js";

/** What a handler can ask about the record that carried its event. */
export class EventLogContext extends BaseRpcContext<[ReceivedRecord]> {
  /** The record, its value byte for byte as published. */
  get record(): ReceivedRecord {
    return this.getArgByIndex(0);
  }
}
