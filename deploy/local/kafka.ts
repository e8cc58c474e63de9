import { execFile } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { dockerHas, KAFKA_IMAGE } from "./docker.js";
import { startKafkaContainer } from "./kafka/container.js";
import { startKafkaJars } from "./kafka/jars.js";

const run = promisify(execFile);

/** A single-node Kafka 4.1 on loopback, thrown away when stopped. */
export interface LocalKafka {
  readonly brokers: readonly string[];
  /** How it runs: in a container, or on this machine's JRE. */
  readonly kind: "container" | "jars";
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Gets the port the broker listens on, gives the one it tells its clients to come to: that of a proxy in front of it. */
  readonly advertise?: (port: number) => Promise<number>;
  /**
   * Users and their passwords (SASL PLAIN), the first of whom may everything: the broker then refuses what no ACL allows. Only of a broker
   * from its jars.
   */
  readonly users?: Readonly<Record<string, string>>;
}

/** Why no broker can be started here, and what to install. */
export class NoKafka extends Error {
  override readonly name = "NoKafka";
}

/**
 * Starts a real Kafka broker: in Docker when a daemon answers and has or can fetch the image, else from its jars (Maven fetches them once) on a JRE of 17 or later.
 * @throws NoKafka when neither can be had
 */
export async function startKafka(options: KafkaOptions = {}): Promise<LocalKafka> {
  if (await dockerHas(KAFKA_IMAGE)) return startKafkaContainer(options);
  if (await jarsCanRun()) return startKafkaJars(options);
  throw new NoKafka(NO_KAFKA);
}

/** What to say where there is no broker to be had. */
export const NO_KAFKA =
  "no Kafka: it needs a Docker daemon, or a JRE (17 or later) and Maven; on Debian: apt-get install default-jre-headless maven";

/** True when `startKafka` has something to start. */
export async function kafkaCanRun(): Promise<boolean> {
  return (await dockerHas(KAFKA_IMAGE)) || (await jarsCanRun());
}

/** True when a JRE and Maven are there: that broker can be killed. */
export async function jarsCanRun(): Promise<boolean> {
  return (await answers("java", ["-version"])) && (await answers("mvn", ["-version"]));
}

/** Resolves once the broker's port takes connections. */
export async function waitForPort(port: number, deadline = Date.now() + 60_000): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false)).once("close", () => socket.destroy());
      socket.once("connect", () => socket.end());
    });
    if (open) return;
    if (Date.now() > deadline) throw new Error("the Kafka broker did not listen within 60 s of its start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function answers(command: string, args: string[]): Promise<boolean> {
  try {
    await run(command, args, { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
