import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventLog } from "#platform/event-log/event-log.js";
import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { addCheckpoint } from "./adapters/add-checkpoint.js";
import type { CheckpointRepository } from "./adapters/checkpoint-repository.js";
import type { EntryRepository } from "./adapters/entry-repository.js";
import { AskingWitnesses } from "./application/asking-witnesses.js";
import { CheckpointFeed } from "./application/checkpoint-feed.js";
import type { LogStorage } from "./application/log-storage.js";
import type { Proving } from "./application/proving.js";
import { Sealing } from "./application/sealing.js";
import type { AuditConfig } from "./config.js";

/** Time between two checkpoints while entries come in, in milliseconds. */
const CHECKPOINT_MS = 1_000;

export interface LogParts {
  readonly entries: EntryRepository;
  readonly storage: LogStorage;
  readonly checkpoints: CheckpointRepository;
  readonly proving: Proving;
  readonly log: EventLog;
}

/** Name of the log: that of its keys. */
export function originOf({ logKey: [first] }: Pick<AuditConfig, "logKey">): string {
  if (first === undefined) throw new InterlockError("CONFIG_INVALID", "LOG_KEY: is required");
  return first.verifier.name;
}

/** Keeps the tree built, signed, witnessed and published for as long as the process lives. */
export function keepLog(runtime: ServiceRuntime<AuditConfig>, { entries, storage, checkpoints, proving, log }: LogParts): void {
  const { logKey: signers, witnessPolicy } = runtime.config;
  const size = runtime.metrics.gauge({ name: "audit_log_size", help: "Entries a signed checkpoint covers" });
  const refused = runtime.metrics.counter({
    name: "audit_witness_failures_total",
    help: "Times a witness was away or refused a checkpoint",
    labelNames: ["witness"],
  });
  const sealing = new Sealing({ entries, storage, checkpoints, origin: originOf(runtime.config), signers });
  const feed = new CheckpointFeed(checkpoints, log);
  const asking = new AskingWitnesses({
    witnesses: witnessPolicy?.witnesses ?? [],
    checkpoints,
    proving,
    addCheckpoint,
    onError: (witness, err) => {
      refused.inc({ witness });
      runtime.logger.warn({ err, witness }, "a witness did not cosign");
    },
  });
  const seal = async () => {
    const more = await sealing.seal();
    size.set(Number(await entries.settled()));
    return more;
  };
  const publish = async () => {
    await asking.ask();
    await feed.publishOnce();
    return false;
  };
  const loops = { sealing: seal, checkpoints: publish };
  for (const [name, turn] of Object.entries(loops)) {
    const onError = (err: unknown) => runtime.logger.warn({ err }, `${name} of the log are behind`);
    const loop = new BackgroundLoop({ pauseMs: CHECKPOINT_MS, turn, onError });
    loop.start();
    runtime.onStop(name, () => loop.stop());
  }
}
