/** How far a producer's events have come in the log. */
export interface ChainEnd {
  /** Number its next event has. */
  readonly next: bigint;
  /** SHA-256 of the event before that, hex; undefined when it is not known: never there, or its bytes were deleted before this was kept. */
  readonly lastHash: string | undefined;
}

/** Before a producer's first event. */
export const BEGINNING: ChainEnd = { next: 1n, lastHash: "0".repeat(64) };
