import type { EventStore } from "#platform/event-store/event-store.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { AccessRecord } from "./application/access-record.js";

/** How often accesses that are due are written, in milliseconds. */
const FLUSH_MS = 5_000;

/** The record of who reads the log, written for as long as the process lives, and once more at its end. */
export function keepAccess(runtime: ServiceRuntime, store: EventStore): AccessRecord {
  const access = new AccessRecord(store, runtime.ids, () => runtime.clock.now().getTime());
  const onError = (err: unknown) => runtime.logger.warn({ err }, "accesses to the log wait to be recorded");
  const flushing = new BackgroundLoop({ pauseMs: FLUSH_MS, turn: () => access.flush().then(() => false), onError });
  flushing.start();
  runtime.onStop("accesses", async () => {
    await flushing.stop();
    await access.flush(true).catch(onError);
  });
  return access;
}
