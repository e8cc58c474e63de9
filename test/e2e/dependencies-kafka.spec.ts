import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaCanRun, NO_KAFKA, startKafka } from "../../deploy/local/kafka.js";
import { startPostgres } from "../../deploy/local/postgres.js";
import type { Stack } from "../../deploy/local/stack.js";
import { DependencyBed, PRODUCERS, RECOVERY } from "../support/e2e/dependency-bed.js";
import { follow } from "../support/e2e/execution.js";
import { FlakyProxy } from "../support/e2e/flaky-proxy.js";
import { PublishedExecutions } from "../support/e2e/published-executions.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { statusOf, untilAllWell } from "../support/e2e/service-status.js";
import { until } from "../support/e2e/until.js";
import { skipLoudly } from "../support/skip-loudly.js";

if (await kafkaCanRun()) describe("a real Kafka broker", brokerLoss);
else skipLoudly("kafka", "goes on without Kafka, and publishes everything when it is back", NO_KAFKA);

function brokerLoss(): void {
  let stack: Stack;
  let bed: DependencyBed;
  let proxy: FlakyProxy;
  let published: PublishedExecutions;

  beforeAll(async () => {
    // A broker sends its clients to the address it advertises: that has to be the proxy's, or they would go around it.
    const advertise = async (port: number) => {
      proxy = await FlakyProxy.to(`tcp://127.0.0.1:${port}`);
      return proxy.port;
    };
    stack = await readyStack({ eventLog: "kafka", servers: { postgres: startPostgres, kafka: () => startKafka({ advertise }) } });
    bed = await DependencyBed.open(stack);
    published = new PublishedExecutions(bed.owner);
  });
  afterAll(async () => {
    await stack?.stop();
    proxy?.close();
  });

  describe.each(["refuse", "blackhole"] as const)("by %s", (how) => {
    it("lost in flight: every service says so, payments go on, and what they did is published when it is back", async () => {
      const before = await bed.pays();
      await published.ended(before.executionId, RECOVERY);
      proxy[how]();
      await bed.noticed("KafkaDown", PRODUCERS);
      const meanwhile = await bed.pays();
      await published.readOn();
      expect(published.has(meanwhile.executionId), "it cannot be on the stream yet").toBe(false);
      await proxy.heal();
      await untilAllWell(stack, RECOVERY);
      await published.ended(meanwhile.executionId, RECOVERY);
      expect(published.gaps()).toEqual([]);
    });

    it("away at the start: every service starts, says so, works, and publishes when it is back", async () => {
      proxy[how]();
      const started = PRODUCERS.filter((name) => name !== "vault");
      await Promise.all(started.map((name) => stack.process(name).kill()));
      await Promise.all(started.map((name) => stack.restart(name)));
      await bed.noticed("KafkaDown", PRODUCERS);
      const meanwhile = await bed.pays();
      await proxy.heal();
      await untilAllWell(stack, RECOVERY);
      await published.ended(meanwhile.executionId, RECOVERY);
      expect(published.gaps()).toEqual([]);
      await bed.pays();
    });

    it("away when the vault starts: it signs nothing until it has compared its database with the log, then payments go on", async () => {
      proxy[how]();
      await stack.process("vault").kill();
      await stack.restart("vault");
      await bed.noticed("KafkaDown", ["vault"]);
      await until("the vault has not seen the log", async () => {
        const { dependencies } = await statusOf(stack, "vault");
        return dependencies.some(({ name, up }) => name === "generations" && !up) ? true : undefined;
      });
      const asked = await bed.ask();
      expect((await bed.owner.get(`/v1/executions/${asked}`)).body.state).toMatch(/RECEIVED|AUTHORIZED|DENIED/);
      await proxy.heal();
      await untilAllWell(stack, RECOVERY);
      const done = await follow(bed.owner, asked);
      // Refused where permissions had noticed that nothing can be signed (the ladder says so), paid where it was put off.
      if (done.state === "DENIED") expect(done.reasons).toEqual([expect.objectContaining({ code: "CONDITION" })]);
      else expect(done.state, JSON.stringify(done.reasons)).toMatch(/MINED|CONFIRMED/);
      await bed.pays();
    });
  });
}
