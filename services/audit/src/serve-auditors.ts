import type { EventStore } from "#platform/event-store/event-store.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import { splitListenAddress } from "#platform/runtime/listen-address.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { CheckpointRepository } from "./adapters/checkpoint-repository.js";
import { AccessRecord } from "./application/access-record.js";
import type { Proving } from "./application/proving.js";
import type { Reading } from "./application/reading.js";
import type { AuditConfig } from "./config.js";
import { openAuditHttp } from "./transport/http/open-audit-http.js";

export interface AuditorParts {
  readonly reading: Reading;
  readonly proving: Proving;
  readonly checkpoints: CheckpointRepository;
  readonly store: EventStore;
}

/** How often accesses that are due are written, in milliseconds. */
const FLUSH_MS = 5_000;

/** Opens the HTTP interface for auditors when AUDIT_LISTEN says where. */
export function serveAuditors(runtime: ServiceRuntime<AuditConfig>, { store, ...parts }: AuditorParts): void {
  const { auditListen, auditors, logKey } = runtime.config;
  if (auditListen === undefined) return;
  const access = new AccessRecord(store, runtime.ids, () => runtime.clock.now().getTime());
  const stopping = new AbortController();
  const logKeys = logKey.map(({ verifier }) => verifier.text);
  const app = openAuditHttp({ ...parts, access, auditors, logKeys, stopping: stopping.signal });
  const onError = (err: unknown) => runtime.logger.warn({ err }, "accesses to the log wait to be recorded");
  const flushing = new BackgroundLoop({ pauseMs: FLUSH_MS, turn: () => access.flush().then(() => false), onError });
  flushing.start();
  const listening = app.listen(splitListenAddress(auditListen)).then(
    (address) => runtime.logger.info({ address }, "auditors are served"),
    (err: unknown) => runtime.logger.error({ err }, "the interface for auditors cannot listen"),
  );
  runtime.onStop("auditors", async () => {
    stopping.abort();
    await listening;
    await app.close();
    await flushing.stop();
    await access.flush(true).catch(onError);
  });
}
