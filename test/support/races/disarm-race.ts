import { findInterlockError } from "#platform/errors/interlock-error.js";
import type { Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { SignRequest } from "#proto/interlock/vault/v1/vault.js";
import type { RaceBed } from "./race-bed.js";
import type { RaceRecord } from "./race-record.js";

export interface RaceResult {
  readonly record: RaceRecord;
  /** Every pair of tickets that was handed out, to be tried again. */
  readonly requests: readonly SignRequest[];
}

/** Answers that say nothing about the session: the client tries again, for as long as anybody would. */
const NOT_NOW: readonly string[] = ["RESOURCE_EXHAUSTED", "CONDITION", "DEPENDENCY_UNAVAILABLE", "DEADLINE_EXCEEDED"];
const PATIENCE = 60_000;
const PAUSE = 50;

/**
 * `clients` use the session without a pause until each is refused for good; DISARM is sent once more than `after` tickets and at least one
 * signature were handed out, so that there is something it can stop.
 */
export async function disarmRace(bed: RaceBed, session: Session, clients: number, after: number): Promise<RaceResult> {
  const requests: SignRequest[] = [];
  const arrivals: RaceRecord["arrivals"][number][] = [];
  const refusals: RaceRecord["refusals"][number][] = [];
  let [sent, acknowledged] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let disarming: Promise<void> | undefined;
  const disarm = async () => {
    sent = performance.now();
    await bed.disarm(session);
    acknowledged = performance.now();
  };
  const arrived = (what: "ticket" | "signature", executionId: string) => arrivals.push({ what, executionId, at: performance.now() });
  const useOnce = async (): Promise<string | undefined> => {
    const ask = bed.ask(session);
    const answer = await bed.authorize(session, ask);
    if (!answer.allowed) return answer.record?.reasons.map(({ code }) => code).join() ?? "no reason";
    arrived("ticket", ask.executionId);
    const request = bed.signRequest(ask, answer);
    requests.push(request);
    await bed.sign(request);
    arrived("signature", ask.executionId);
    if (requests.length > after) disarming ??= disarm();
    return undefined;
  };
  const client = async () => {
    for (const until = performance.now() + PATIENCE; ; ) {
      const code = await useOnce().catch((error: unknown) => {
        const known = findInterlockError(error);
        if (known === undefined) throw error;
        return known.code;
      });
      if (code === undefined) continue;
      if (NOT_NOW.includes(code) && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        continue;
      }
      refusals.push({ code, at: performance.now() });
      return;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await disarming;
  return { record: { arrivals, refusals, sent, acknowledged }, requests };
}
