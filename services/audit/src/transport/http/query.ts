import { InterlockError } from "#platform/errors/interlock-error.js";

type Query = Readonly<Record<string, unknown>>;

function refuse(field: string, rule: string, value: unknown): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: String(value).slice(0, 40) } });
}

/** The query of a request. @throws InterlockError VALIDATION_FAILED naming a parameter that is not one of `names` or comes twice */
export function queryOf(query: unknown, names: readonly string[]): Query {
  if (typeof query !== "object" || query === null) return {};
  for (const [name, value] of Object.entries(query)) {
    if (!names.includes(name)) throw refuse(name, "is not a parameter of this path", value);
    if (typeof value !== "string") throw refuse(name, "must be given once", value);
  }
  return { ...query };
}

/** An index or size; undefined when it is not there. @throws InterlockError VALIDATION_FAILED */
export function wholeNumber(query: Query, name: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^(0|[1-9][0-9]{0,14})$/.test(value)) return Number(value);
  throw refuse(name, "must be a whole number of at most 15 digits", value);
}

/** As `wholeNumber`, and it has to be there. */
export function requiredNumber(query: Query, name: string): number {
  const value = wholeNumber(query, name);
  if (value === undefined) throw refuse(name, "is required", "nothing");
  return value;
}
