import { CheckpointFeed } from "../../services/audit/src/application/checkpoint-feed.js";
import { Publisher } from "../../services/audit/src/application/publisher.js";
import { createPool } from "../../services/platform/src/database/pool.js";
import { PostgresEventLog } from "../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { auditWriter } from "./audit/audit-writer.js";

/** Everything that writes the audit log, until it is killed; says on standard output how much it has sealed. */
async function main(url: string): Promise<void> {
  const pool = createPool({ url, applicationName: "audit worker", max: 8, onIdleError: () => undefined });
  const log = new PostgresEventLog({ pool, random: systemRandom, partitions: (topic) => (topic.startsWith("audit.") ? 1 : 2) });
  const { entries, checkpoints, sealing, ingest } = auditWriter(pool);
  await log.subscribe({ group: "audit", topics: ["session.lifecycle.v1"], handler: (batch) => ingest.handle(batch), maxBatch: 7 });
  const publisher = new Publisher(entries, log);
  const feed = new CheckpointFeed(checkpoints, log);
  for (;;) {
    // What is away comes back: the database may be killed beside this process.
    await Promise.allSettled([sealing.seal(), publisher.publishOnce(11)]);
    await feed.publishOnce().catch(() => undefined);
    const settled = await entries.settled().catch(() => undefined);
    if (settled !== undefined) process.stdout.write(`${settled}\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

await main(process.env.AUDIT_WORKER ?? "");
