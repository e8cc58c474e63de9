import { describe, expect, it } from "vitest";
import { kafkaIdentity } from "./kafka-identity.js";

const named = { eventLog: "kafka", kafkaMechanism: "scram-sha-512", kafkaUsername: "interlock-kafka-audit", kafkaPassword: "p" } as const;

describe("who a service is to Kafka", () => {
  it("is nobody unless it is told to be somebody", () => expect(kafkaIdentity({ eventLog: "kafka" })).toEqual({}));

  it("is its user with its password", () => {
    expect(kafkaIdentity(named)).toEqual({ sasl: { mechanism: "scram-sha-512", username: "interlock-kafka-audit", password: "p" } });
  });

  it.each(["kafkaUsername", "kafkaPassword"])("is never half of it: without %s it does not start", (missing) => {
    expect(() => kafkaIdentity({ ...named, [missing]: undefined })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  it("speaks TLS with the certificates it is given, or the system's", () => {
    expect(kafkaIdentity({ eventLog: "kafka", kafkaTls: true })).toEqual({ ssl: true });
    expect(kafkaIdentity({ eventLog: "kafka", kafkaTls: true, kafkaCa: "pem" })).toEqual({ ssl: { ca: ["pem"] } });
  });
});
