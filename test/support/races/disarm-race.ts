import type { Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { SignRequest } from "#proto/interlock/vault/v1/vault.js";
import { codeOf, Patience } from "./not-now.js";
import type { RaceBed } from "./race-bed.js";
import type { RaceRecord } from "./race-record.js";

export interface RaceResult {
  readonly record: RaceRecord;
  /** Every pair of tickets that was handed out, to be tried again. */
  readonly requests: readonly SignRequest[];
}

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
    for (const patience = new Patience(); ; ) {
      const code = await codeOf(useOnce);
      if (code === undefined || (await patience.again(code))) continue;
      refusals.push({ code, at: performance.now() });
      return;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await disarming;
  return { record: { arrivals, refusals, sent, acknowledged }, requests };
}
