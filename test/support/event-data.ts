import { randomUUID } from "node:crypto";
import type { AppendMetadata, NewEvent } from "../../services/platform/src/event-store/types.js";

/** Schema of the service that tests play. */
export const SCHEMA = "permissions";

export const metadata = (changes: Partial<AppendMetadata> = {}): AppendMetadata => ({
  correlationId: randomUUID(),
  actor: { type: "agent", id: "agent-1" },
  partitionKey: "31337:0x1111111111111111111111111111111111111111",
  ...changes,
});

export const opened = (): NewEvent => ({ type: "test.opened.v1", data: { limit: "2000000000" } });
export const used = (n: number): NewEvent => ({ type: "test.used.v1", data: { n, amount: "10000000" } });
