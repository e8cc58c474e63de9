import type { LogFault } from "#platform/transparency-log/log-error.js";

/** What can be wrong, or not known, about a log. The first group ends with exit 1, the second with 3, the third with 4. */
export type FindingKind = LogFault | "SELF_CONSISTENT_ONLY" | "STALE" | "PRODUCER_GAP" | "SPLIT_VIEW" | "ROLLBACK";

export interface Finding {
  readonly kind: FindingKind;
  readonly message: string;
  /** First entry it holds for, when one can be named. */
  readonly index?: number;
}

/** Somebody besides the log itself who saw it as it is. */
export interface View {
  readonly kind: "state" | "witnesses" | "anchor";
  readonly message: string;
}

/** A producer's events among the entries: gapless, or there is a finding. */
export interface ProducerCount {
  readonly source: string;
  readonly first: number;
  readonly last: number;
  readonly events: number;
}

export interface Report {
  readonly exit: 0 | 1 | 3 | 4;
  readonly verdict: "verified" | "integrity failure" | "not proven" | "split view or rollback";
  readonly origin: string;
  /** Entries of the log the checkpoint is of, and those that were read: [begin, end). */
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly root: string;
  readonly withheld: number;
  readonly producers: readonly ProducerCount[];
  readonly views: readonly View[];
  readonly findings: readonly Finding[];
  /** Two signed notes that contradict each other. */
  readonly evidence: readonly string[];
}

const UNPROVEN: readonly FindingKind[] = ["SELF_CONSISTENT_ONLY", "STALE", "PRODUCER_GAP"];
const CONTRADICTION: readonly FindingKind[] = ["SPLIT_VIEW", "ROLLBACK"];

/** The exit code findings lead to: the worst of them decides. */
export function exitOf(findings: readonly Finding[]): Report["exit"] {
  if (findings.some(({ kind }) => !UNPROVEN.includes(kind) && !CONTRADICTION.includes(kind))) return 1;
  if (findings.some(({ kind }) => CONTRADICTION.includes(kind))) return 4;
  return findings.length > 0 ? 3 : 0;
}

/** The words for an exit code. */
export function verdictOf(exit: Report["exit"]): Report["verdict"] {
  return ({ 0: "verified", 1: "integrity failure", 3: "not proven", 4: "split view or rollback" } as const)[exit];
}
