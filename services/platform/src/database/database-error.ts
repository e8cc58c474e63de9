import pg from "pg";
import { InterlockError } from "../errors/interlock-error.js";

/** SQLSTATE classes and codes (PostgreSQL documentation, appendix A) that say "come back later". */
const AWAY = new Set(["57P01", "57P02", "57P03", "57P05", "53300", "25P03", "25006"]);
const TRANSIENT = new Set(["40001", "40P01", "55P03", "57014"]);

/** SQLSTATE of a server error, or the system error code of a lost connection. */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** True when the server refused a row because its key is taken. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505" && (constraint === undefined || error.constraint === constraint);
}

/** What pg says, without any code, of a query that got no answer within `query_timeout`. */
const UNANSWERED = "Query read timeout";

/** True when the database cannot be reached, does not answer, or is shutting down, starting or full. */
export function isDatabaseAway(error: unknown): boolean {
  // Ours have codes too, and EXPIRED is no system error.
  if (error instanceof InterlockError) return false;
  if (error instanceof Error && error.message === UNANSWERED) return true;
  const code = errorCodeOf(error);
  if (code === undefined) return false;
  if (error instanceof pg.DatabaseError) return AWAY.has(code) || code.startsWith("08");
  return code.startsWith("E");
}

/** True when the same transaction may well succeed if it is run again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof InterlockError) return error.code === "DEPENDENCY_UNAVAILABLE" || error.code === "DEADLINE_EXCEEDED";
  if (isDatabaseAway(error)) return true;
  return error instanceof pg.DatabaseError && TRANSIENT.has(error.code ?? "");
}

/** The error a caller is told when the database is away. */
export function databaseAway(cause: unknown): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", "the database is not available", { details: { dependency: "postgres" }, cause });
}
