import type { FastifyInstance } from "fastify";
import type { CheckpointRepository } from "../../adapters/checkpoint-repository.js";
import type { AccessRecord } from "../../application/access-record.js";
import type { Proving } from "../../application/proving.js";
import type { Reading } from "../../application/reading.js";
import type { AuditorList } from "../../domain/auditor-list.js";

/** What the HTTP interface for auditors is made of. */
export interface AuditHttp {
  readonly reading: Reading;
  readonly proving: Proving;
  readonly checkpoints: Pick<CheckpointRepository, "newest" | "newestCosigned">;
  readonly access: Pick<AccessRecord, "note">;
  readonly auditors: AuditorList | undefined;
  /** Verifier keys of the log, as C2SP signed-note writes them. */
  readonly logKeys: readonly string[];
  /** Ends streams when the process stops. */
  readonly stopping: AbortSignal;
}

export type Routes = (app: FastifyInstance, http: AuditHttp) => void;
