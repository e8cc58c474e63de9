import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { z } from "zod";
import { kafkaIdentity } from "../../services/platform/src/producer/kafka-identity.js";
import { aclsOf } from "./kafka-rights.js";
import { required } from "./required.js";

// Gives every Kafka user what the chart says it may. Running it again changes nothing; it takes nothing away.
const folder = required("KAFKA_ADMIN_FOLDER");
const read = (name: string) => readFileSync(join(folder, name), "utf8").trim();
const acl = aclsOf(required("KAFKA_USERS"));
const admin = new Kafka({
  brokers: required("KAFKA_BROKERS").split(","),
  clientId: "kafka-acls",
  logLevel: logLevel.ERROR,
  ...kafkaIdentity({
    eventLog: "kafka",
    kafkaMechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]).parse(required("KAFKA_MECHANISM")),
    kafkaUsername: read("username"),
    kafkaPassword: read("password"),
    kafkaTls: process.env.KAFKA_TLS === "true",
    kafkaCa: process.env.KAFKA_CA_FILE === undefined ? undefined : readFileSync(process.env.KAFKA_CA_FILE, "utf8"),
  }),
}).admin();
await admin.connect();
try {
  await admin.createAcls({ acl: [...acl] });
} finally {
  await admin.disconnect();
}
console.log(`${acl.length} rights of ${new Set(acl.map(({ principal }) => principal)).size} users are set`);
