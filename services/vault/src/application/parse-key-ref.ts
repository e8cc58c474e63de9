import { InterlockError } from "#platform/errors/interlock-error.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws InterlockError VALIDATION_FAILED unless `value` is a lower-case UUID */
export function parseKeyRef(value: string): string {
  if (UUID.test(value)) return value;
  throw new InterlockError("VALIDATION_FAILED", "key_ref: must be a lower-case UUID", {
    details: { field: "key_ref", rule: "must be a lower-case UUID", value: value.slice(0, 100) },
  });
}
