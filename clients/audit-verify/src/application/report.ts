import type { SignedCheckpoint } from "#platform/transparency-log/checkpoint.js";
import type { LogError } from "#platform/transparency-log/log-error.js";
import type { Manifest } from "../domain/manifest.js";
import { exitOf, type Finding, type Report, verdictOf } from "../domain/verdict.js";
import type { EntryReader } from "./entry-reader.js";
import type { Judgement } from "./judge.js";

type Place = Pick<Manifest, "origin" | "begin" | "end" | "size">;

export interface Outcome extends Partial<Judgement> {
  readonly manifest: Place;
  readonly checkpoint: SignedCheckpoint;
  readonly reader: EntryReader;
  readonly findings: readonly Finding[];
}

/** The report of entries that could be read to the end. */
export function reported({ manifest, checkpoint, reader, findings, views = [], evidence = [] }: Outcome): Report {
  const exit = exitOf(findings);
  return {
    exit,
    verdict: verdictOf(exit),
    origin: checkpoint.origin,
    size: checkpoint.size,
    begin: manifest.begin,
    end: reader.end,
    root: checkpoint.root.toString("hex"),
    withheld: reader.withheld,
    producers: reader.producers.producers,
    views,
    findings,
    evidence,
  };
}

/** The report of something that broke while it was read. */
export function failed({ fault, message, index }: LogError, manifest: Place | undefined): Report {
  const finding: Finding = index === undefined ? { kind: fault, message } : { kind: fault, message, index };
  return {
    exit: 1,
    verdict: verdictOf(1),
    origin: manifest?.origin ?? "",
    size: manifest?.size ?? 0,
    begin: manifest?.begin ?? 0,
    end: manifest?.end ?? 0,
    root: "",
    withheld: 0,
    producers: [],
    views: [],
    findings: [finding],
    evidence: [],
  };
}
