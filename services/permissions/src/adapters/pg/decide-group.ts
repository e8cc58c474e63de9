import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CommandResult, StreamPosition } from "../../application/session-stream.js";
import { decide } from "../../domain/decide.js";
import { evolve } from "../../domain/evolve.js";
import type { SessionEvent } from "../../domain/session-events.js";
import type { Job } from "./lane.js";

/** What became of one command of a group; it holds once the group's events are committed. */
export interface Outcome {
  readonly job: Job;
  readonly result: CommandResult | InterlockError;
}

export interface DecidedGroup {
  readonly outcomes: readonly Outcome[];
  readonly entries: readonly { readonly event: SessionEvent; readonly job: Job }[];
  readonly after: StreamPosition;
}

/** Decides the jobs one after the other, each on the state the ones before it leave. */
export function decideGroup(from: StreamPosition, jobs: readonly Job[]): DecidedGroup {
  let { state, version } = from;
  const outcomes: Outcome[] = [];
  const entries: { event: SessionEvent; job: Job }[] = [];
  for (const job of jobs) {
    const decision = decide(state, job.command);
    if (decision.kind === "refused") {
      outcomes.push({ job, result: new InterlockError(decision.code, decision.message, { details: decision.details }) });
      continue;
    }
    for (const event of decision.events) {
      state = evolve(state, event);
      version += 1;
      entries.push({ event, job });
    }
    outcomes.push({ job, result: { state, version, events: decision.events } });
  }
  return { outcomes, entries, after: { state, version } };
}
