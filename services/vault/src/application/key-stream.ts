import type { AppendMetadata } from "#platform/event-store/types.js";
import { currentContext } from "#platform/grpc/request-context.js";
import type { KeyRecord } from "../domain/envelope/key-record.js";

/** Stream of one key's events. */
export function keyStream(keyRef: string): string {
  return `key-${keyRef}`;
}

/** Who caused an event of this key, and where it belongs on the log. */
export function keyMetadata({ account, chainId, sessionId }: KeyRecord, correlationId: string): AppendMetadata {
  const caller = currentContext()?.caller ?? "vault";
  return { correlationId, actor: { type: "service", id: caller }, subject: sessionId, partitionKey: `${chainId}:${account}` };
}
