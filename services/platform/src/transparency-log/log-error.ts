/** What is wrong with a piece of a log: a short kind for programs and a sentence for people. */
export type LogFault =
  | "MALFORMED"
  | "MODIFIED"
  | "MISSING"
  | "REORDERED"
  | "DUPLICATE"
  | "TRUNCATED"
  | "TRAILING"
  | "BAD_SIGNATURE"
  | "BAD_PROOF";

/** Something a log says does not hold. Not a bug of the reader: whoever catches it reports `fault`. */
export class LogError extends Error {
  override readonly name = "LogError";

  /**
   * @param fault what kind of thing is wrong
   * @param index first entry it is wrong at, when one can be named
   */
  constructor(
    readonly fault: LogFault,
    message: string,
    readonly index?: number,
  ) {
    super(message);
  }
}
