import type { EventLog } from "#platform/event-log/event-log.js";
import type { CheckpointRepository, StoredCheckpoint } from "../adapters/checkpoint-repository.js";

/** Checkpoints for whoever follows the outgoing topic; one partition. */
export const CHECKPOINT_TOPIC = "audit.checkpoints.v1";

/** Longest silence on the topic in milliseconds: a reader that hears nothing for longer has reason to ask. */
const HEARTBEAT_MS = 60_000;

const toRecord = ({ size, note }: StoredCheckpoint) => ({
  key: "checkpoint",
  value: note,
  headers: { size: String(size), "content-type": "text/plain; charset=utf-8" },
});

/** Publishes the newest checkpoint when it is new, and again every minute while it is not. */
export class CheckpointFeed {
  constructor(
    private readonly checkpoints: Pick<CheckpointRepository, "publishNewest">,
    private readonly log: Pick<EventLog, "publish">,
  ) {}

  publishOnce(): Promise<boolean> {
    return this.checkpoints.publishNewest(HEARTBEAT_MS, (checkpoint) => this.log.publish(CHECKPOINT_TOPIC, [toRecord(checkpoint)]));
  }
}
