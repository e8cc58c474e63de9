import type { KafkaConfig } from "kafkajs";
import type { Random } from "../../kernel/random.js";

export interface KafkaEventLogOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly random: Random;
  /** Partitions of a topic that does not exist yet; never changed afterwards. Defaults to 6. */
  readonly partitions?: (topic: string) => number;
  /** Copies of a topic that does not exist yet; defaults to what the brokers are set to. */
  readonly replicationFactor?: number;
  /** False where topics are made by an operator and our principal may not. */
  readonly createTopics?: boolean;
  readonly ssl?: KafkaConfig["ssl"];
  readonly sasl?: KafkaConfig["sasl"];
  /** Time in milliseconds after which a silent member loses its partitions; defaults to 10,000. */
  readonly sessionTimeoutMs?: number;
  readonly onError?: (error: unknown) => void;
}
