import { z } from "zod";

type Json = Record<string, unknown>;

/** Collects named schemas while routes are described, as OpenAPI's components. */
export class SchemaCollector {
  readonly components: Json = {};

  /** JSON Schema 2020-12 of `schema`; schemas with an id become references into the components. */
  of(schema: z.ZodType, io: "input" | "output"): Json {
    const { $schema: _dialect, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    for (const [name, definition] of Object.entries($defs ?? {})) {
      const { id: _id, ...rest } = definition;
      this.components[name] = relocate(rest);
    }
    if (typeof own.id === "string") {
      const { id, ...rest } = own;
      this.components[id] = relocate(rest);
      return { $ref: `#/components/schemas/${id}` };
    }
    return relocate(own);
  }
}

function relocate(schema: object): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}
