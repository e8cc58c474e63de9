import type { Case } from "./fuzz-proxy.js";
import type { TracedEvent } from "./traced-events.js";

/** Events that record a refusal: the one thing a refused request may leave behind. */
const RECORDS_OF_REFUSAL = ["login.refused.v1", "key.refused.v1", "session.use.denied.v1"];

export interface FuzzReport {
  readonly cases: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly serverErrors: readonly Case[];
  /** Requests that were refused and changed something all the same. */
  readonly partialWrites: readonly string[];
  /** Accepted requests whose events were found by their trace: without any, the search for partial writes proves nothing. */
  readonly acceptedWrites: number;
}

/** What a campaign came to. */
export function reportOf(cases: readonly Case[], events: readonly TracedEvent[]): FuzzReport {
  const byTrace = new Map(cases.map((one) => [one.traceId, one]));
  const caused = events.flatMap((event) => {
    const cause = byTrace.get(event.traceId);
    return cause === undefined ? [] : [{ ...event, cause }];
  });
  const refused = caused.filter(({ cause, type }) => cause.status >= 400 && !RECORDS_OF_REFUSAL.includes(type));
  return {
    cases: cases.length,
    statuses: countBy(cases.map(({ status }) => String(status))),
    serverErrors: cases.filter(({ status }) => status >= 500),
    partialWrites: refused.map(({ type, cause }) => `${cause.method} ${cause.path} answered ${cause.status} and recorded ${type}`),
    acceptedWrites: caused.filter(({ cause }) => cause.status < 300).length,
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
