import type { AnswerDescription, Route } from "../transport/routing/route.js";
import { problem } from "../transport/schemas/problem.js";
import { SchemaCollector } from "./json-schema.js";
import { parametersOf } from "./parameters.js";
import { refusalsOf } from "./refusals.js";

type Json = Record<string, unknown>;

const TAGS = {
  auth: "Sign-in, linked accounts and agents' credentials",
  sessions: "Session keys: grant, look at, end",
  executions: "Using a session",
  policies: "The policy language",
  audit: "The record of everything",
  service: "The service itself",
};

function answerOf(answer: AnswerDescription, schemas: SchemaCollector): Json {
  const types = answer.contentTypes ?? (answer.schema === undefined ? [] : ["application/json"]);
  const schema = answer.schema === undefined ? { type: "string" } : schemas.of(answer.schema, "output");
  const headers = Object.entries(answer.headers ?? {}).map(([name, description]) => [name, { description, schema: { type: "string" } }]);
  return {
    description: answer.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(types.length === 0 ? {} : { content: Object.fromEntries(types.map((type) => [type, { schema }])) }),
  };
}

function refusal(description: string): Json {
  return { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };
}

function operation(route: Route, schemas: SchemaCollector): Json {
  const parameters = parametersOf(route, schemas);
  const answers = Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer, schemas)]);
  const refusals = refusalsOf(route).map(([status, meaning]) => [String(status), refusal(meaning)]);
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    security: route.guard === "public" ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: schemas.of(route.body, "input") } } } }),
    responses: Object.fromEntries([...answers, ...refusals]),
  };
}

/** The OpenAPI 3.1 document of a table of routes: what is served, linted, fuzzed and generated from. */
export function buildOpenApi(routes: readonly Route[]): Json {
  const schemas = new SchemaCollector();
  schemas.of(problem, "output");
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Interlock",
      version: "1.0.0",
      summary: "Session keys for Safe accounts, inside limits their owners signed once",
      description: "Refusals are problem+json (RFC 9457). Amounts are decimal strings in the smallest unit.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "This host" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "Access token of a login or agent" },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-interlock",
          description: "Web session; unsafe methods also need X-CSRF-Token",
        },
      },
      schemas: schemas.components,
    },
  };
}
