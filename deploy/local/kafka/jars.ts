import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild, startChild, stopChild } from "../child.js";
import { freePort } from "../free-port.js";
import { type KafkaOptions, type LocalKafka, waitForPort } from "../kafka.js";
import { stoppedOnSignal } from "../stopped-on-signal.js";
import { removeTemporaryFolder, temporaryFolder } from "../temporary-folder.js";

const VERSION = "4.1.0";
const MAVEN_MS = 300_000;

/** A broker that can be killed and comes back with what it had. */
export interface MortalKafka extends LocalKafka {
  /** Kills it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
}

/** Kafka on this machine's JRE, in KRaft mode with one node. */
export async function startKafkaJars({ advertise, users }: KafkaOptions = {}): Promise<MortalKafka> {
  const libraries = await fetchJars();
  const folder = temporaryFolder("kafka");
  const [port, controller] = [await freePort(), await freePort()];
  const told = (await advertise?.(port)) ?? port;
  const config = join(folder, "server.properties");
  const ports = { port, told, controller };
  writeFileSync(config, serverProperties(folder, ports) + listenerProperties(ports, users), { mode: 0o600 });
  const logging = join(folder, "log4j2.properties");
  writeFileSync(logging, "rootLogger.level = off\n");
  const java = ["-Xmx512m", `-Dlog4j2.configurationFile=${logging}`, "-cp", join(libraries, "*")];
  await runChild("java", [...java, "kafka.tools.StorageTool", "format", "-t", "5L6g3nShT-eMCtK--X86sw", "-c", config]);
  const launch = () => startChild("java", [...java, "kafka.Kafka", config], { stdio: "ignore" });
  let broker = launch();
  await waitForPort(port);
  return {
    brokers: [`127.0.0.1:${told}`],
    kind: "jars",
    kill: () => stopChild(broker, "SIGKILL"),
    start: async () => {
      broker = launch();
      await waitForPort(port);
    },
    stop: stoppedOnSignal(async () => {
      await stopChild(broker);
      removeTemporaryFolder(folder);
    }),
  };
}

/** The broker's jars, fetched once. Maven fills a folder of its own, so a stopped download leaves no half set behind. */
async function fetchJars(): Promise<string> {
  const cache = resolve("node_modules", ".cache", "interlock");
  const libraries = join(cache, `kafka-${VERSION}`);
  if (existsSync(libraries)) return libraries;
  const partial = `${libraries}.${process.pid}`;
  const pom = [fileURLToPath(new URL("pom.xml", import.meta.url)), resolve("deploy", "local", "kafka", "pom.xml")].find(existsSync);
  if (pom === undefined) throw new Error("deploy/local/kafka/pom.xml is missing; run from the repository's root");
  const goals = ["dependency:copy-dependencies", `-DoutputDirectory=${partial}`, "-DincludeScope=runtime"];
  await runChild("mvn", ["-q", "-B", "-f", pom, ...goals], { timeout: MAVEN_MS });
  // Somebody else may have been faster; his jars are the same.
  if (existsSync(libraries)) rmSync(partial, { recursive: true, force: true });
  else renameSync(partial, libraries);
  return libraries;
}

interface Ports {
  readonly port: number;
  /** What clients are told to come to. */
  readonly told: number;
  readonly controller: number;
}

const listenerProperties = ({ port, told, controller }: Ports, users: KafkaOptions["users"]) => {
  const name = users === undefined ? "PLAINTEXT" : "SASL_PLAINTEXT";
  const listeners = `listeners=${name}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=${name}://127.0.0.1:${told}
`;
  return users === undefined ? listeners : listeners + userProperties(users);
};

function userProperties(users: Readonly<Record<string, string>>): string {
  const [[first = "", password = ""] = []] = Object.entries(users);
  const all = Object.entries(users).map(([user, secret]) => `user_${user}="${secret}"`);
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${first}" password="${password}" ${all.join(" ")};`;
  // ANONYMOUS is the broker to its own controller, whose port is no client's.
  return `listener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
inter.broker.listener.name=SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=${login}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:${first};User:ANONYMOUS
`;
}

const serverProperties = (folder: string, { controller }: Ports) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, "data")}
num.partitions=6
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
`;
