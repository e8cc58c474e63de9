import { GenericContainer } from "testcontainers";
import { KAFKA_IMAGE } from "../docker.js";
import { freePort } from "../free-port.js";
import { type KafkaOptions, type LocalKafka, waitForPort } from "../kafka.js";
import { stoppedOnSignal } from "../stopped-on-signal.js";

/** Kafka in Docker. Its port is fixed before the start, because a broker tells its clients its own address. */
export async function startKafkaContainer({ advertise }: KafkaOptions = {}): Promise<LocalKafka> {
  const port = await freePort();
  const told = (await advertise?.(port)) ?? port;
  const container = await new GenericContainer(KAFKA_IMAGE)
    // The image writes its configuration at start, and under some storage drivers its own user may not.
    .withUser("0:0")
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
      KAFKA_LISTENERS: "PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${told}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: "1000",
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    })
    .withStartupTimeout(120_000)
    .start();
  await waitForPort(port);
  return {
    brokers: [`127.0.0.1:${told}`],
    kind: "container",
    stop: stoppedOnSignal(async () => {
      await container.stop();
    }),
  };
}
