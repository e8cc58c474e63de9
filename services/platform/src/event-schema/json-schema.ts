import { type DescField, type DescMessage, getOption, type Registry, ScalarType } from "@bufbuild/protobuf";

/** JSON Schema 2020-12, as far as it is used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What `format` of a field stands for. */
const FORMATS: Readonly<Record<string, JsonSchema>> = {
  address: { pattern: "^0x[0-9a-fA-F]{40}$" },
  bytes32: { pattern: "^0x[0-9a-fA-F]{64}$" },
  hex: { pattern: "^0x([0-9a-fA-F]{2})*$" },
  decimal: { pattern: "^(0|[1-9][0-9]*)$", description: "A whole number in decimal: it may be larger than a JSON number can be." },
  uuid: { pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" },
  time: { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", description: "RFC 3339, UTC." },
  seconds: { minimum: 0, description: "Unix seconds." },
};

/** Value of a text option of ours; empty when it is not set. */
export function textOption(registry: Registry, desc: DescField | DescMessage, name: "type" | "word" | "format"): string {
  const extension = registry.getExtension(`interlock.events.v1.${name}`);
  if (extension === undefined) throw new Error(`proto/interlock/events has no option ${name}`);
  const value: unknown = getOption(desc, extension);
  return typeof value === "string" ? value : "";
}

function scalarSchema(registry: Registry, field: DescField, scalar: ScalarType): JsonSchema {
  const format = FORMATS[textOption(registry, field, "format")] ?? {};
  if (scalar === ScalarType.STRING) return { type: "string", maxLength: 32_768, ...format };
  if (scalar === ScalarType.BOOL) return { type: "boolean" };
  return { type: "integer", ...format };
}

function valueSchema(registry: Registry, field: DescField): JsonSchema {
  if (field.fieldKind === "scalar") return scalarSchema(registry, field, field.scalar);
  if (field.fieldKind === "message") return messageSchema(registry, field.message);
  if (field.fieldKind !== "list") throw new Error(`${field.toString()}: events have no ${field.fieldKind} fields`);
  if (field.listKind === "scalar") return { type: "array", items: scalarSchema(registry, field, field.scalar) };
  if (field.listKind === "message") return { type: "array", items: messageSchema(registry, field.message) };
  throw new Error(`${field.toString()}: events have no lists of enums`);
}

/** True for a field that must be there: what is not marked `optional`. ProtoJSON would leave defaults out; our events never do. */
const isRequired = (field: DescField) => field.proto.proto3Optional === false;

/** Closed schema of a message: a name that is not listed is refused. */
export function messageSchema(registry: Registry, message: DescMessage): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(message.fields.map((field) => [field.jsonName, valueSchema(registry, field)])),
    required: message.fields.filter(isRequired).map(({ jsonName }) => jsonName),
    additionalProperties: false,
  };
}
