import { deniedBy } from "#platform/degradation/ladder.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { CheckpointRepository } from "./adapters/checkpoint-repository.js";
import { EntryRepository } from "./adapters/entry-repository.js";
import { nodeFiles } from "./adapters/node-files.js";
import { PostgresLogStorage } from "./adapters/postgres-log-storage.js";
import { VolumeLogStorage } from "./adapters/volume-log-storage.js";
import { auditModule } from "./app.module.js";
import { Proving } from "./application/proving.js";
import { Reading } from "./application/reading.js";
import { Serving } from "./application/serving.js";
import { configDefinition } from "./config.js";
import { ProducerTrust } from "./domain/producer-trust.js";
import { feed } from "./feed.js";
import { keepAccess } from "./keep-access.js";
import { keepAnchored } from "./keep-anchored.js";
import { keepLog } from "./keep-log.js";
import { producerKeys } from "./producer-keys.js";
import { serveAuditors } from "./serve-auditors.js";

/** The audit service: what runs and what it needs. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "audit",
  config: configDefinition,
  capabilities: { "audit.append": { downWhen: deniedBy("auditAppend") }, "audit.read": { downWhen: deniedBy("auditExport") } },
  grpc: { packages: ["interlock.audit.v1"] },
  module: (runtime) => {
    const { pool, log, store } = openProducer(runtime, runtime.config);
    const { logFolder, trust, unsignedProducers } = runtime.config;
    const entries = new EntryRepository(pool, new ProducerTrust(producerKeys(trust), new Set(unsignedProducers)));
    const storage = logFolder === undefined ? new PostgresLogStorage(pool, entries) : new VolumeLogStorage(nodeFiles(logFolder), entries);
    const checkpoints = new CheckpointRepository(pool);
    const proving = new Proving(storage);
    const reading = new Reading(entries);
    keepLog(runtime, { entries, storage, checkpoints, proving, log });
    feed(runtime, entries, { pool, log, store });
    keepAnchored(runtime, { checkpoints, proving, store });
    const access = keepAccess(runtime, store);
    serveAuditors(runtime, { reading, proving, checkpoints, access });
    const logKeys = runtime.config.logKey.map(({ verifier }) => verifier.text);
    return auditModule(new Serving({ reading, proving, checkpoints, access, logKeys }));
  },
};
