import { z } from "zod";
import type { Route } from "../transport/routing/route.js";
import type { SchemaCollector } from "./json-schema.js";

type Json = Record<string, unknown>;

/** Path and query parameters, and the Idempotency-Key where a route takes one. */
export function parametersOf(route: Route, schemas: SchemaCollector): Json[] {
  const key = {
    name: "Idempotency-Key",
    in: "header",
    required: route.idempotencyKey === "required",
    description: "The same key and body get the stored answer; the same key with another body is 422",
    schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
  };
  return [...fields(route.params, "path", schemas), ...fields(route.query, "query", schemas), ...(route.idempotencyKey ? [key] : [])];
}

function fields(schema: z.ZodType, where: "path" | "query", schemas: SchemaCollector): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const optional = type.safeParse(undefined).success;
    return {
      name,
      in: where,
      required: !optional,
      schema: schemas.of(optional && type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type, "input"),
    };
  });
}
