import type { KafkaConfig } from "kafkajs";
import { InterlockError } from "../errors/interlock-error.js";
import type { EventLogConfig } from "./open-event-log.js";

interface Identity {
  readonly sasl?: Exclude<KafkaConfig["sasl"], undefined>;
  readonly ssl?: Exclude<KafkaConfig["ssl"], undefined>;
}

/**
 * Who we are to the brokers, and who they must be.
 * @throws InterlockError CONFIG_INVALID when a mechanism lacks its name or password: a service must not come as nobody by mistake
 */
export function kafkaIdentity(config: EventLogConfig): Identity {
  const { kafkaMechanism: mechanism, kafkaUsername: username, kafkaPassword: password, kafkaTls = false, kafkaCa: ca } = config;
  const ssl = kafkaTls ? { ssl: ca === undefined ? true : { ca: [ca] } } : {};
  if (mechanism === undefined) return ssl;
  if (username === undefined || password === undefined) {
    throw new InterlockError("CONFIG_INVALID", "KAFKA_MECHANISM: needs KAFKA_USERNAME and KAFKA_PASSWORD");
  }
  return { ...ssl, sasl: saslOf(mechanism, { username, password }) };
}

function saslOf(
  mechanism: NonNullable<EventLogConfig["kafkaMechanism"]>,
  who: { username: string; password: string },
): Exclude<Identity["sasl"], undefined> {
  switch (mechanism) {
    case "plain":
      return { mechanism, ...who };
    case "scram-sha-256":
      return { mechanism, ...who };
    case "scram-sha-512":
      return { mechanism, ...who };
  }
}
