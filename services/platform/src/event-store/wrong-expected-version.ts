import { InterlockError } from "../errors/interlock-error.js";

/** Somebody else appended to the stream first: load it again and decide anew. */
export class WrongExpectedVersion extends InterlockError {
  /**
   * @param stream stream that was to be appended to
   * @param expectedVersion version the caller had decided on
   */
  constructor(
    readonly stream: string,
    readonly expectedVersion: number,
    cause?: unknown,
  ) {
    super("WRONG_EXPECTED_VERSION", `stream ${stream} is not at version ${expectedVersion}`, {
      details: { stream, expectedVersion },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
