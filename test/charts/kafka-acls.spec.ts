import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startKafkaJars } from "../../deploy/local/kafka/jars.js";
import { jarsCanRun, type LocalKafka, NO_KAFKA } from "../../deploy/local/kafka.js";
import { KafkaEventLog } from "../../services/platform/src/event-log/kafka/kafka-event-log.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { has, objects } from "../support/charts/helm.js";
import { podsOf } from "../support/charts/kube-object.js";
import { production } from "../support/charts/value-sets.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (!has("helm")) skipLoudly("helm", "ACLs on a broker", NO_HELM);
else if (await jarsCanRun()) describe("a broker that refuses what no ACL allows, given the chart's", suite);
else skipLoudly("kafka", "ACLs on a broker", NO_KAFKA);

const LIFECYCLE = "session.lifecycle.v1";
const TOPICS = [LIFECYCLE, "audit.v1", "audit.checkpoints.v1"];
const SERVICES = ["permissions", "vault", "relay", "monitor", "auth", "audit"].map((name) => `interlock-kafka-${name}`);
const WAIT = { timeout: 60_000, interval: 100 };
const record = (key: string) => ({ key, value: Buffer.from(`{"of":"${key}"}`), headers: {} });

function suite(): void {
  const users = Object.fromEntries(["admin", ...SERVICES, "compliance", "stranger"].map((name) => [name, `password-of-${name}`]));
  let broker: LocalKafka;
  const open: KafkaEventLog[] = [];
  const client = (username: string) => {
    const sasl = { mechanism: "plain", username, password: users[username] ?? "" } as const;
    return new Kafka({ brokers: [...broker.brokers], clientId: username, logLevel: logLevel.NOTHING, sasl, retry: { retries: 1 } });
  };
  const log = (service: string) => {
    const sasl = {
      mechanism: "plain",
      username: `interlock-kafka-${service}`,
      password: `password-of-interlock-kafka-${service}`,
    } as const;
    const made = new KafkaEventLog({ brokers: broker.brokers, clientId: service, random: systemRandom, sasl });
    open.push(made);
    return made;
  };
  /** What `username` gets of `topic` from its beginning, in `groupId`. @throws what the broker refuses it with */
  const consumed = async (username: string, groupId: string, topic: string): Promise<readonly string[]> => {
    const consumer = client(username).consumer({ groupId, retry: { retries: 1 } });
    const got: string[] = [];
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      let failed: Error | undefined;
      consumer.on(consumer.events.CRASH, ({ payload }) => (failed = payload.error));
      await consumer.run({ eachMessage: async ({ message }) => void got.push(message.value?.toString() ?? "") });
      await expect.poll(() => got.length > 0 || failed !== undefined, WAIT).toBe(true);
      if (failed !== undefined) throw failed;
      return got;
    } finally {
      await consumer.disconnect();
    }
  };
  const produced = async (username: string, topic: string) => {
    const producer = client(username).producer({ retry: { retries: 1 } });
    try {
      await producer.connect();
      await producer.send({ topic, messages: [{ value: "x" }] });
    } finally {
      await producer.disconnect();
    }
  };

  beforeAll(async () => {
    broker = await startKafkaJars({ users });
    const admin = client("admin").admin();
    await vi.waitFor(() => admin.connect(), WAIT);
    await admin.createTopics({ topics: TOPICS.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: false });
    await admin.disconnect();
  }, 300_000);
  afterAll(async () => {
    for (const one of open) await one.close();
    await broker?.stop();
  });

  it("lets nobody do anything before they are set", { timeout: 120_000 }, async () => {
    await expect(produced("interlock-kafka-permissions", LIFECYCLE)).rejects.toThrow(/authoriz/i);
    await expect(consumed("compliance", "compliance-1", "audit.v1")).rejects.toThrow(/authoriz/i);
  });

  it("is given them by the chart's Job, again and again", { timeout: 120_000 }, () => {
    const acls = { kind: "job", adminSecret: "kafka-admin", readers: [{ name: "compliance" }] };
    const values = { ...production, eventLog: { kafka: { brokers: broker.brokers, sasl: { mechanism: "plain" }, acls } } };
    const [job] = podsOf(objects({ values })).filter(({ of }) => of.kind === "Job" && of.metadata.name === "interlock-kafka-acls");
    const [container] = job?.spec.containers ?? [];
    const folder = mkdtempSync(join(tmpdir(), "kafka-admin-"));
    try {
      writeFileSync(join(folder, "username"), "admin");
      writeFileSync(join(folder, "password"), `${users.admin}\n`);
      const given = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, String(value)]));
      const [, program = ""] = container?.command ?? [];
      for (let run = 0; run < 2; run++) {
        const env = { PATH: process.env.PATH, ...given, KAFKA_ADMIN_FOLDER: folder };
        const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(program)], { env, encoding: "utf8" });
        expect(status, stderr).toBe(0);
        expect(stdout).toMatch(/rights of 7 users are set/);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("lets every service do its work", { timeout: 240_000 }, async () => {
    for (const name of ["permissions", "vault", "relay", "monitor", "auth", "audit"]) await log(name).publish(LIFECYCLE, [record(name)]);
    const [taken, watched]: [string[], string[]] = [[], []];
    const take = (into: string[]) => async (batch: readonly { value: Buffer }[]) => void into.push(...batch.map(String));
    const audit = log("audit");
    await audit.subscribe({ group: "audit", topics: [LIFECYCLE], handler: take(taken) });
    await expect.poll(() => taken.length, WAIT).toBe(6);
    await audit.publish("audit.v1", [record("entry")]);
    await audit.publish("audit.checkpoints.v1", [record("checkpoint")]);
    const monitor = log("monitor");
    await monitor.subscribe({ group: "monitor-reconciler", topics: ["audit.v1"], handler: take(watched) });
    await expect.poll(() => watched.length, WAIT).toBe(1);
    const vault = log("vault");
    expect(await vault.ends(LIFECYCLE)).toEqual([6n]);
    expect(await vault.read({ topic: LIFECYCLE, partition: 0, fromOffset: 0n, limit: 6 })).toHaveLength(6);
  });

  it("lets a reader read both topics in groups of its name", { timeout: 120_000 }, async () => {
    expect(await consumed("compliance", "compliance-1", "audit.v1")).toEqual(['{"of":"entry"}']);
    expect(await consumed("compliance", "compliance-siem", "audit.checkpoints.v1")).toEqual(['{"of":"checkpoint"}']);
  });

  it.each([
    ["a reader writes the log", () => produced("compliance", "audit.v1")],
    ["a reader writes to the services' topic", () => produced("compliance", LIFECYCLE)],
    ["a reader reads the services' topic", () => consumed("compliance", "compliance-1", LIFECYCLE)],
    ["a reader joins the log's own group", () => consumed("compliance", "audit", "audit.v1")],
    ["a producer writes the log past the sequencer", () => produced("interlock-kafka-permissions", "audit.v1")],
    ["a producer reads what others publish", () => consumed("interlock-kafka-relay", "relay", LIFECYCLE)],
    ["the monitor writes checkpoints", () => produced("interlock-kafka-monitor", "audit.checkpoints.v1")],
    ["a user nobody named reads", () => consumed("stranger", "stranger-1", "audit.v1")],
  ])("refuses when %s", { timeout: 120_000 }, async (_, attempt) => {
    // A group that may not be joined is one kafkajs cannot find; that readers find their own stands above.
    await expect(attempt()).rejects.toThrow(/authoriz|find group coordinator/i);
  });
}
