import { createPublicKey, type KeyObject } from "node:crypto";
import { CheckpointRepository } from "../../../services/audit/src/adapters/checkpoint-repository.js";
import { EntryRepository } from "../../../services/audit/src/adapters/entry-repository.js";
import { PostgresLogStorage } from "../../../services/audit/src/adapters/postgres-log-storage.js";
import { Ingest } from "../../../services/audit/src/application/ingest.js";
import { Sealing } from "../../../services/audit/src/application/sealing.js";
import { ProducerTrust } from "../../../services/audit/src/domain/producer-trust.js";
import { createPool } from "../../../services/platform/src/database/pool.js";
import { KafkaEventLog } from "../../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { createLogger } from "../../../services/platform/src/logging/logger.js";
import { logSigner, ORIGIN } from "../../support/audit/made-log.js";

/** What the process is started with. */
export interface AuditProcessOrder {
  readonly url: string;
  /** Addresses of the Kafka broker; without them the log is the one in Postgres. */
  readonly brokers?: readonly string[];
  /** The only producer, and its public key as PEM. */
  readonly source: string;
  readonly publicKey: string;
}

/** Checks, stores, seals and signs what comes over the log, until it is ended; as in a cluster, in another process than the sequencer. */
async function main({ url, brokers, source, publicKey }: AuditProcessOrder): Promise<void> {
  const pool = createPool({ url, applicationName: "audit", max: 10 });
  const log =
    brokers === undefined
      ? new PostgresEventLog({ pool, random: systemRandom })
      : new KafkaEventLog({ brokers: [...brokers], clientId: "bench-audit", random: systemRandom });
  const keys: readonly KeyObject[] = [createPublicKey(publicKey)];
  const entries = new EntryRepository(pool, new ProducerTrust(new Map([[source, keys]])));
  const storage = new PostgresLogStorage(pool, entries);
  const sealing = new Sealing({ entries, storage, checkpoints: new CheckpointRepository(pool), origin: ORIGIN, signers: [logSigner] });
  const counter = { inc: () => undefined };
  const ingest = new Ingest(entries, { conflicts: counter, forged: counter }, createLogger({ service: "audit", level: "silent" }));
  await log.subscribe({ group: "bench-audit", topics: ["session.lifecycle.v1"], handler: (batch) => ingest.handle(batch) });
  process.stdout.write("ready\n");
  for (;;) {
    if (!(await sealing.seal())) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await main(JSON.parse(process.env.AUDIT_PROCESS ?? "") as AuditProcessOrder);
