import { createPublicKey } from "node:crypto";
import { ProducerTrust } from "../../../services/audit/src/domain/producer-trust.js";
import { createPool } from "../../../services/platform/src/database/pool.js";
import { KafkaEventLog } from "../../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { auditWriter } from "../../support/audit/audit-writer.js";

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
  const { sealing, ingest } = auditWriter(pool, new ProducerTrust(new Map([[source, [createPublicKey(publicKey)]]])));
  await log.subscribe({ group: "bench-audit", topics: ["session.lifecycle.v1"], handler: (batch) => ingest.handle(batch) });
  process.stdout.write("ready\n");
  for (;;) {
    if (!(await sealing.seal())) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await main(JSON.parse(process.env.AUDIT_PROCESS ?? "") as AuditProcessOrder);
