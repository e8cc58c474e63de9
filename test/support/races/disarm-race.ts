import { findInterlockError } from "#platform/errors/interlock-error.js";
import type { Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { SignRequest } from "#proto/interlock/vault/v1/vault.js";
import type { RaceBed } from "./race-bed.js";

export interface RaceResult {
  /** Tickets and signatures that arrived after the acknowledgement of DISARM. */
  readonly late: readonly string[];
  readonly tickets: number;
  readonly signatures: number;
  /** Every pair of tickets that was handed out, to be tried again. */
  readonly requests: readonly SignRequest[];
}

/** `clients` use the session without a pause until they are refused; DISARM is sent once `after` tickets were handed out. */
export async function disarmRace(bed: RaceBed, session: Session, clients: number, after: number): Promise<RaceResult> {
  const late: string[] = [];
  const requests: SignRequest[] = [];
  let signatures = 0;
  let acknowledged = false;
  let disarming: Promise<void> | undefined;
  const disarm = async () => {
    await bed.disarm(session);
    acknowledged = true;
  };
  const arrived = (what: string) => {
    if (acknowledged) late.push(what);
  };
  const useOnce = async () => {
    const ask = bed.ask(session);
    const answer = await bed.authorize(session, ask);
    if (!answer.allowed) return false;
    arrived(`ticket for ${ask.executionId}`);
    const request = bed.signRequest(ask, answer);
    requests.push(request);
    if (requests.length > after) disarming ??= disarm();
    await bed.sign(request);
    arrived(`signature for ${ask.executionId}`);
    signatures += 1;
    return true;
  };
  const client = async () => {
    for (;;) {
      try {
        if (!(await useOnce())) return;
      } catch (error) {
        if (findInterlockError(error)?.code === "RESOURCE_EXHAUSTED" && !acknowledged) continue;
        if (findInterlockError(error) === undefined) throw error;
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await disarming;
  return { late, tickets: requests.length, signatures, requests };
}
