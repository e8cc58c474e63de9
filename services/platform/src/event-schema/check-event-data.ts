import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { NewEvent } from "../event-store/types.js";
import schemas from "./event-schemas.json" with { type: "json" };
import type { JsonSchema } from "./json-schema.js";

const known: Readonly<Record<string, { readonly schema: JsonSchema }>> = schemas;
const ajv = new Ajv2020({ strict: false, allErrors: false });
const validators = new Map<string, ValidateFunction>();

/** Compiled when a type is first written: a service writes a few of them. */
function validatorOf(type: string): ValidateFunction | undefined {
  const compiled = validators.get(type);
  if (compiled !== undefined) return compiled;
  const described = Object.hasOwn(known, type) ? known[type] : undefined;
  if (described === undefined) return undefined;
  const fresh = ajv.compile(described.schema);
  validators.set(type, fresh);
  return fresh;
}

/**
 * Refuses an event whose type or data is not described in proto/interlock/events: the schemas are allow-lists, so that nothing gets into
 * the log that nobody decided on. The message names the place and the rule, never the value.
 * @throws InterlockError VALIDATION_FAILED
 */
export function checkEventData({ type, data }: NewEvent): void {
  const validate = validatorOf(type);
  if (validate === undefined) {
    throw new InterlockError("VALIDATION_FAILED", `event ${type}: no such type is described`, {
      details: { field: "type", rule: "is described" },
    });
  }
  if (validate(data)) return;
  const [error] = validate.errors ?? [];
  const field = `data${error?.instancePath.replaceAll("/", ".") ?? ""}`;
  const extra: unknown = error?.params.additionalProperty;
  const rule = typeof extra === "string" ? `has no field ${extra}` : (error?.message ?? "is malformed");
  throw new InterlockError("VALIDATION_FAILED", `event ${type}: ${field} ${rule}`, { details: { field, rule, type } });
}

/** Every type that is described. */
export function describedTypes(): readonly string[] {
  return Object.keys(known);
}
