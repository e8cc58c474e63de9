import { setTimeout as delay } from "node:timers/promises";
import { runDetached } from "#platform/grpc/request-context.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { Execution } from "#proto/interlock/relay/v1/relay.js";
import type { Backends } from "./backends.js";

const POLL_MS = 500;

/** States after which nothing more happens to an execution. */
const FINAL = new Set(["DENIED", "SIM_FAILED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED"]);

/** Server-sent events of one execution's transitions after number `after` (from 1); ends with the execution. */
export async function* executionFrames(
  backends: Backends,
  actor: Actor,
  first: Execution,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield "retry: 1000\n\n";
  let sent = after;
  let execution = first;
  while (!signal.aborted) {
    for (const [index, transition] of execution.transitions.entries()) {
      if (index < sent) continue;
      yield `id: ${index + 1}\nevent: transition\ndata: ${JSON.stringify(transition)}\n\n`;
    }
    sent = Math.max(sent, execution.transitions.length);
    if (FINAL.has(execution.state)) return;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // The stream outlives the deadline of the request that opened it.
    execution = await runDetached(() => backends.relay.getExecution({ executionId: first.executionId }, { act: actor, signal }));
  }
}
