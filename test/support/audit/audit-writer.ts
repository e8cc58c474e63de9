import type pg from "pg";
import { CheckpointRepository } from "../../../services/audit/src/adapters/checkpoint-repository.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { PostgresLogStorage } from "../../../services/audit/src/adapters/postgres-log-storage.js";
import { Ingest } from "../../../services/audit/src/application/ingest.js";
import { Sealing } from "../../../services/audit/src/application/sealing.js";
import type { ProducerTrust } from "../../../services/audit/src/domain/producer-trust.js";
import { createLogger } from "../../../services/platform/src/logging/logger.js";
import { logSigner, ORIGIN } from "./made-log.js";

/** What writes the audit log in `pool`'s database, without the service around it. @param trust as EntryRepository has it */
export function auditWriter(pool: pg.Pool, trust?: ProducerTrust) {
  const entries = new EntryRepository(pool, trust);
  const checkpoints = new CheckpointRepository(pool);
  const storage = new PostgresLogStorage(pool, entries);
  const sealing = new Sealing({ entries, storage, checkpoints, origin: ORIGIN, signers: [logSigner] });
  const counter = { inc: () => undefined };
  const ingest = new Ingest(entries, { conflicts: counter, forged: counter }, createLogger({ service: "audit", level: "silent" }));
  return { entries, checkpoints, storage, sealing, ingest };
}
