import { GenericContainer, Wait } from "testcontainers";
import { it } from "vitest";
import { dockerAnswers, isRequired } from "../../../deploy/local/docker.js";
import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { eventingOn } from "../../support/eventing.js";
import { describeEventLog } from "./event-log-contract.js";

const why = "no Docker daemon answers; start one to run the contract on the official Postgres 18 image as well";

if (await dockerAnswers()) {
  describeEventLog(
    "Postgres 18 in Docker",
    async (on) => ({
      open: () => new PostgresEventLog({ pool: on.pool, random: systemRandom, leaseMs: 1_000, pollMs: 50 }),
      remote: { kind: "postgres", url: on.url },
      stop: async () => {},
    }),
    startInContainer,
  );
} else {
  if (isRequired("docker")) throw new Error(why);
  it("runs the event log's contract against Postgres in Docker", (context) => {
    console.warn(`SKIPPED: ${why}`);
    context.skip(why);
  });
}

async function startInContainer() {
  const container = await new GenericContainer("postgres:18")
    .withEnvironment({ POSTGRES_PASSWORD: "contract" })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(120_000)
    .start();
  const url = `postgres://postgres:contract@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return eventingOn({
    url,
    drop: async () => {
      await container.stop();
    },
  });
}
