import { envelopeSchema } from "./envelope-schema.js";
import type { JsonSchema } from "./json-schema.js";
import type { DescribedEvent } from "./read-descriptors.js";

/** AsyncAPI 3.0 of the two topics for those outside. */
export function asyncApi(events: readonly DescribedEvent[]): JsonSchema {
  const name = (type: string) => type.replaceAll(/[^a-z0-9]/g, "_");
  const headers = { type: "object", properties: { logindex: { type: "string", pattern: "^(0|[1-9][0-9]*)$" } }, required: ["logindex"] };
  const messages = Object.fromEntries(
    events.map(({ type, description, schema }) => [
      name(type),
      {
        name: type,
        title: type,
        summary: description,
        contentType: "application/cloudevents+json",
        headers,
        payload: envelopeSchema(type, description, schema),
      },
    ]),
  );
  const references = Object.fromEntries(events.map(({ type }) => [name(type), { $ref: `#/components/messages/${name(type)}` }]));
  const topic = { bindingVersion: "0.5.0", partitions: 1, topicConfiguration: { "cleanup.policy": ["delete"] } };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Interlock audit stream",
      version: "1.0.0",
      description:
        "Every event in one line, byte for byte as the services published it. A type that is not listed is carried all the same.",
    },
    channels: {
      audit: { address: "audit.v1", messages: references, bindings: { kafka: { topic: "audit.v1", ...topic } } },
      checkpoints: {
        address: "audit.checkpoints.v1",
        messages: { checkpoint: { $ref: "#/components/messages/checkpoint" } },
        bindings: { kafka: { topic: "audit.checkpoints.v1", ...topic } },
      },
    },
    operations: {
      readAudit: { action: "receive", channel: { $ref: "#/channels/audit" } },
      readCheckpoints: { action: "receive", channel: { $ref: "#/channels/checkpoints" } },
    },
    components: {
      messages: {
        ...messages,
        checkpoint: {
          name: "checkpoint",
          contentType: "text/plain",
          summary: "A signed note of the log's size and root (C2SP tlog-checkpoint).",
          payload: { type: "string" },
        },
      },
    },
  };
}
