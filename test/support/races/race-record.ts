/** What one race of many clients with one DISARM looked like from outside; times are milliseconds of one clock. */
export interface RaceRecord {
  /** Tickets and signatures, when their answers arrived. */
  readonly arrivals: readonly { readonly what: "ticket" | "signature"; readonly executionId: string; readonly at: number }[];
  /** How each client was refused in the end. */
  readonly refusals: readonly { readonly code: string; readonly at: number }[];
  readonly sent: number;
  readonly acknowledged: number;
}

/** The only ways to say that a session is over: permissions' and the vault's. */
const OVER = ["DISARMED", "FENCED"];

export const countOf = ({ arrivals }: RaceRecord, kind: "ticket" | "signature"): number =>
  arrivals.filter(({ what }) => what === kind).length;

/** What is wrong with a race; empty when DISARM stopped something, stopped it in time, and everybody was told so. */
export function raceFaults({ arrivals, refusals, sent, acknowledged }: RaceRecord): readonly string[] {
  const before = (kind: "ticket" | "signature") => arrivals.filter(({ what, at }) => what === kind && at < sent).length;
  const idle = (["ticket", "signature"] as const).filter((kind) => before(kind) === 0).map((kind) => `no ${kind} before DISARM was sent`);
  const late = arrivals
    .filter(({ at }) => at > acknowledged)
    .map(({ what, executionId, at }) => `${what} of ${executionId} ${(at - acknowledged).toFixed(1)} ms after the acknowledgement`);
  const odd = refusals.filter(({ code }) => !OVER.includes(code)).map(({ code }) => `refused with ${code}`);
  return [...idle, ...late, ...odd];
}
