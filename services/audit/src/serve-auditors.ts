import { splitListenAddress } from "#platform/runtime/listen-address.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { CheckpointRepository } from "./adapters/checkpoint-repository.js";
import type { AccessRecord } from "./application/access-record.js";
import type { Proving } from "./application/proving.js";
import type { Reading } from "./application/reading.js";
import type { AuditConfig } from "./config.js";
import { openAuditHttp } from "./transport/http/open-audit-http.js";

export interface AuditorParts {
  readonly reading: Reading;
  readonly proving: Proving;
  readonly checkpoints: CheckpointRepository;
  readonly access: AccessRecord;
}

/** Opens the HTTP interface for auditors when AUDIT_LISTEN says where. */
export function serveAuditors(runtime: ServiceRuntime<AuditConfig>, parts: AuditorParts): void {
  const { auditListen, auditors, logKey } = runtime.config;
  if (auditListen === undefined) return;
  const stopping = new AbortController();
  const logKeys = logKey.map(({ verifier }) => verifier.text);
  const app = openAuditHttp({ ...parts, auditors, logKeys, stopping: stopping.signal });
  const listening = app.listen(splitListenAddress(auditListen)).then(
    (address) => runtime.logger.info({ address }, "auditors are served"),
    (err: unknown) => runtime.logger.error({ err }, "the interface for auditors cannot listen"),
  );
  runtime.onStop("auditors", async () => {
    stopping.abort();
    await listening;
    await app.close();
  });
}
