import { z } from "zod";

/** The part of Stryker's report (mutation-testing-report-schema) that the scores are made of. */
const report = z.object({
  files: z.record(z.string(), z.object({ mutants: z.array(z.object({ status: z.string() })) })),
});

/** Mutants of one domain: caught by a test (killed or timed out) out of those that could be run. */
export interface DomainScore {
  readonly domain: string;
  readonly caught: number;
  readonly valid: number;
  /** Share caught in percent. */
  readonly score: number;
}

/** Service or library a mutated file belongs to: `vault` of services/vault/src/domain/..., `limits` of services/platform/src/limits/... */
export function domainOf(path: string): string {
  const [, service = path, , part = ""] = path.split("/");
  return service === "platform" ? part : service;
}

const CAUGHT = ["Killed", "Timeout"];
const VALID = [...CAUGHT, "Survived", "NoCoverage"];

/** Scores per domain, by name. A mutant that cannot run (it breaks the module while it loads) counts neither way, as in Stryker's own score. */
export function domainScores(text: string): DomainScore[] {
  const counts = new Map<string, { caught: number; valid: number }>();
  for (const [path, { mutants }] of Object.entries(report.parse(JSON.parse(text)).files)) {
    const domain = domainOf(path);
    const { caught, valid } = counts.get(domain) ?? { caught: 0, valid: 0 };
    const among = (statuses: readonly string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
    counts.set(domain, { caught: caught + among(CAUGHT), valid: valid + among(VALID) });
  }
  return [...counts]
    .filter(([, { valid }]) => valid > 0)
    .map(([domain, { caught, valid }]) => ({ domain, caught, valid, score: (100 * caught) / valid }))
    .toSorted((a, b) => a.domain.localeCompare(b.domain));
}

/** All of `scores` as one. */
export function sum(domain: string, scores: readonly DomainScore[]): DomainScore {
  const total = (column: "caught" | "valid") => scores.reduce((all, score) => all + score[column], 0);
  const [caught, valid] = [total("caught"), total("valid")];
  return { domain, caught, valid, score: valid === 0 ? 0 : (100 * caught) / valid };
}
