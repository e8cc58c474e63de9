import type { JsonSchema } from "./json-schema.js";

const text = (pattern: string) => ({ type: "string", pattern });
const anyText = { type: "string" };

/** The producer's own facts in `data`, beside those of the type. */
const OWN = {
  salt: { ...text("^[0-9a-f]{32}$"), description: "16 random bytes: the hash of an event cannot be guessed." },
  env: {
    type: "object",
    properties: { cluster: anyText, service: anyText, version: anyText },
    required: ["cluster", "service", "version"],
    additionalProperties: false,
  },
  actor: {
    type: "object",
    properties: {
      type: { enum: ["user", "agent", "service", "operator", "chain"] },
      id: anyText,
      onBehalfOf: anyText,
      authMethod: anyText,
    },
    required: ["type", "id"],
    additionalProperties: false,
  },
};

/** JSON Schema of a whole event as published, given that of what is its own in `data`. */
export function envelopeSchema(type: string, description: string, data: JsonSchema): JsonSchema {
  const { properties, required } = data as { readonly properties: object; readonly required: readonly string[] };
  const closed = { ...data, properties: { ...OWN, ...properties }, required: ["salt", "env", "actor", ...required] };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:interlock:schema:${type}`,
    title: type,
    description,
    type: "object",
    properties: {
      specversion: { const: "1.0" },
      id: { ...anyText, description: "UUIDv7." },
      source: { ...text("^urn:interlock:[a-z]+$"), description: "Who produced it; with `sequence` it names the event for ever." },
      type: { const: type },
      subject: anyText,
      time: anyText,
      recordedtime: anyText,
      datacontenttype: { const: "application/json" },
      dataschema: { const: `urn:interlock:schema:${type}` },
      sequence: { ...text("^[0-9]{20}$"), description: "The producer's own count, gapless, 20 digits." },
      sequencetype: { const: "Integer" },
      partitionkey: { ...anyText, description: "chainId:account, or cluster." },
      correlationid: anyText,
      causationid: anyText,
      traceparent: anyText,
      severitynumber: { type: "integer", description: "As in OpenTelemetry logs: 9 INFO, 13 WARN." },
      dataclassification: anyText,
      stream: anyText,
      streamversion: { type: "integer", minimum: 1 },
      previoushash: { ...text("^[0-9a-f]{64}$"), description: "SHA-256 of the producer's event before this one." },
      chainsignature: { ...anyText, description: "On the first event of a batch: the producer's signature over the event before." },
      data: closed,
    },
    required: ["specversion", "id", "source", "type", "sequence", "partitionkey", "previoushash", "data"],
    additionalProperties: false,
  };
}
