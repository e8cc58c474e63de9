import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { errorRow } from "./error-table.js";
import { findInterlockError, InterlockError } from "./interlock-error.js";

/** Trailer that carries code, message and details of an InterlockError as JSON. */
export const ERROR_TRAILER = "interlock-error-bin";
/** Trailers share one HTTP/2 header block: details above this many bytes are left out rather than losing the whole answer. */
const MAX_TRAILER_BYTES = 5_000;

/** What the outside may know of any thrown value: an InterlockError as it is, everything else as INTERNAL without its text. */
export function publicError(error: unknown): InterlockError {
  const known = findInterlockError(error);
  if (known === undefined) return new InterlockError("INTERNAL", errorRow("INTERNAL").title, { cause: error });
  return known.code === "INTERNAL" ? new InterlockError("INTERNAL", errorRow("INTERNAL").title, { cause: known }) : known;
}

function trailer(error: InterlockError): Buffer {
  const whole = Buffer.from(JSON.stringify({ code: error.code, message: error.message, details: error.details }));
  if (whole.length <= MAX_TRAILER_BYTES) return whole;
  return Buffer.from(JSON.stringify({ code: error.code, message: error.message.slice(0, 1_000), details: { truncated: true } }));
}

/** The gRPC error for any thrown value: status from the error table, the error itself in the trailer. */
export function toGrpcError(thrown: unknown): ServiceError {
  const error = publicError(thrown);
  const metadata = new Metadata();
  metadata.set(ERROR_TRAILER, trailer(error));
  // Status details travel percent-encoded in a header: kept short, the trailer has the full text.
  const details = error.message.slice(0, 500);
  return Object.assign(new Error(details), { code: status[errorRow(error.code).grpc], details, metadata });
}
