import type { Actor } from "#platform/service-auth/actor.js";
import type { AuditEntry } from "#proto/interlock/audit/v1/audit.js";
import type { Backends } from "./backends.js";

/** One entry as text: the exact bytes that were published, or a stand-in for what the reader may not see. */
export function entryText(entry: AuditEntry): string {
  if (!entry.withheld) return Buffer.from(entry.event).toString("utf8");
  return JSON.stringify({ logindex: entry.logIndex, withheld: true, leafhash: entry.leafHash });
}

/** One entry as a server-sent event whose id is its index in the log. */
export function entryFrame(entry: AuditEntry): string {
  const lines = entryText(entry)
    .split("\n")
    .map((line) => `data: ${line}`);
  return `id: ${entry.logIndex}\nevent: audit\n${lines.join("\n")}\n\n`;
}

/** A checkpoint behind the entries it covers; it has no id, a client goes on behind the last entry. */
export function checkpointFrame(note: Uint8Array): string {
  const lines = Buffer.from(note).toString("utf8").replace(/\n$/, "").split("\n");
  return `event: checkpoint\n${lines.map((line) => `data: ${line}\n`).join("")}\n`;
}

/** Server-sent events of the log from `from` on, for ever. */
export async function* auditFrames(backends: Backends, actor: Actor, from: bigint, signal: AbortSignal): AsyncGenerator<string> {
  yield "retry: 1000\n\n";
  const batches = backends.audit.stream("tail", { from: from.toString(), maxBatch: 200 }, { act: actor, signal });
  for await (const batch of batches) {
    for (const entry of batch.entries) yield entryFrame(entry);
    if (batch.checkpoint.length > 0) yield checkpointFrame(batch.checkpoint);
  }
}
